const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Numbers the distinct values of a column in order of first appearance, comparing bytes instead of strings. */
export class LevelDictionary {
  readonly #values: Uint8Array[] = []
  readonly #hashes: number[] = []
  #table = new Int32Array(64).fill(-1)

  get size(): number {
    return this.#values.length
  }

  /** The values as text, in order of their codes. */
  texts(): string[] {
    return this.#values.map((value) => decoder.decode(value))
  }

  /** The code of the value in `bytes` from `start` to `end`; a value not seen before gets the next code. */
  code(bytes: Uint8Array, start: number, end: number): number {
    let hash = end - start
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193)
    hash ^= hash >>> 15
    const mask = this.#table.length - 1
    let place = hash & mask
    for (;;) {
      const code = this.#table[place] as number
      if (code < 0) break
      if (this.#hashes[code] === hash && this.#same(code, bytes, start, end)) return code
      place = (place + 1) & mask
    }
    return this.#add(hash, place, bytes.subarray(start, end))
  }

  #same(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const value = this.#values[code] as Uint8Array
    const length = end - start
    if (value.length !== length) return false
    for (let i = 0; i < length; i++) if (value[i] !== bytes[start + i]) return false
    return true
  }

  #add(hash: number, place: number, value: Uint8Array): number {
    const code = this.#values.push(value) - 1
    this.#hashes.push(hash)
    this.#table[place] = code
    if (this.#values.length * 2 > this.#table.length) this.#grow()
    return code
  }

  #grow(): void {
    const table = new Int32Array(this.#table.length * 4).fill(-1)
    const mask = table.length - 1
    this.#hashes.forEach((hash, code) => {
      let place = hash & mask
      while ((table[place] as number) >= 0) place = (place + 1) & mask
      table[place] = code
    })
    this.#table = table
  }
}
