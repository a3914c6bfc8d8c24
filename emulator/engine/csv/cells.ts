import { TrainingDataError } from '../errors.ts'

const quote = 0x22
const comma = 0x2c
const carriageReturn = 0x0d
const lineFeed = 0x0a

/**
 * Walks over CSV bytes cell by cell without making strings. After `next()` its fields describe the cell: content in
 * bytes `start` to `end` (quotes not counted; `escaped` where doubled quotes stand inside), `rawStart` to `rawEnd`
 * with quotes, `line` (1-based) where it begins, `endsRow`.
 * Source: RFC 4180; besides CR LF it takes a lone LF or CR as the end of a row, and a quote inside an unquoted cell.
 */
export class CellReader {
  readonly bytes: Uint8Array
  start = 0
  end = 0
  rawStart = 0
  rawEnd = 0
  escaped = false
  endsRow = false
  line = 1
  #position: number
  #nextLine = 1

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#position = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  }

  /** Whether another row begins; false after the file's last line end. */
  get hasRow(): boolean {
    return this.#position < this.bytes.length
  }

  /** Reads one cell; throws TrainingDataError at a quoted cell that doesn't end or goes on after its quote. */
  next(): void {
    this.line = this.#nextLine
    this.rawStart = this.#position
    this.escaped = false
    if (this.bytes[this.#position] === quote) this.#readQuoted()
    else this.#readPlain()
    this.rawEnd = this.#position
    this.#endCell()
  }

  /** The cell's text, with doubled quotes undone. */
  text(): string {
    const text = decode(this.bytes.subarray(this.start, this.end))
    return this.escaped ? text.replaceAll('""', '"') : text
  }

  #readPlain(): void {
    const bytes = this.bytes
    const length = bytes.length
    let position = this.#position
    this.start = position
    while (position < length) {
      const byte = bytes[position] as number
      if (byte === comma || byte === lineFeed || byte === carriageReturn) break
      position++
    }
    this.end = position
    this.#position = position
  }

  #readQuoted(): void {
    const bytes = this.bytes
    let position = this.#position + 1
    this.start = position
    for (;;) {
      if (position >= bytes.length)
        throw this.#error('a quoted value begins and does not end: the file is cut off')
      const byte = bytes[position]
      if (byte === lineFeed || (byte === carriageReturn && bytes[position + 1] !== lineFeed)) this.#nextLine++
      if (byte !== quote) {
        position++
      } else if (bytes[position + 1] === quote) {
        this.escaped = true
        position += 2
      } else break
    }
    this.end = position
    this.#position = position + 1
  }

  #endCell(): void {
    const byte = this.bytes[this.#position]
    this.endsRow = byte !== comma
    if (byte === comma) {
      this.#position++
      return
    }
    if (byte === undefined) return
    if (byte !== lineFeed && byte !== carriageReturn) {
      throw this.#error('a quoted value goes on after its closing quote')
    }
    this.#nextLine++
    this.#position += byte === carriageReturn && this.bytes[this.#position + 1] === lineFeed ? 2 : 1
  }

  #error(reason: string): TrainingDataError {
    return new TrainingDataError(`Cannot read training data: line ${this.line}: ${reason}`)
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const decode = (bytes: Uint8Array) => decoder.decode(bytes)
