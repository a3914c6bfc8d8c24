import { inspect } from 'node:util'

const hidden = '[secret]'

/** A key or token. Prints `[secret]` through JSON, templates, `inspect` and spread; only `reveal` gives it out. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself: for the one header or signature that needs it. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return hidden
  }

  toJSON(): string {
    return hidden
  }

  [inspect.custom](): string {
    return hidden
  }
}
