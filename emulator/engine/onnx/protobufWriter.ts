const utf8 = new TextEncoder()

/** Writes protobuf fields one after another. Source: Protocol Buffers, Encoding. */
export class ProtobufWriter {
  #bytes = new Uint8Array(1024)
  #length = 0

  /** What was written so far. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  /** A whole number of 0 or more. */
  integer(field: number, value: number): this {
    this.#varint(field * 8)
    this.#varint(value)
    return this
  }

  float(field: number, value: number): this {
    this.#varint(field * 8 + 5)
    this.#floats(Float32Array.of(value))
    return this
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint(field * 8 + 2)
    this.#varint(value.length)
    this.#room(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
    return this
  }

  text(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value))
  }

  message(field: number, write: (writer: ProtobufWriter) => void): this {
    const writer = new ProtobufWriter()
    write(writer)
    return this.bytes(field, writer.finish())
  }

  packedIntegers(field: number, values: ArrayLike<number>): this {
    return this.message(field, (writer) => {
      for (let i = 0; i < values.length; i++) writer.#varint(values[i] as number)
    })
  }

  packedFloats(field: number, values: ArrayLike<number>): this {
    return this.message(field, (writer) => writer.#floats(values))
  }

  #floats(values: ArrayLike<number>): void {
    this.#room(values.length * 4)
    const view = new DataView(this.#bytes.buffer)
    for (let i = 0; i < values.length; i++, this.#length += 4) {
      view.setFloat32(this.#length, values[i] as number, true)
    }
  }

  #varint(value: number): void {
    this.#room(10)
    let rest = value
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#length++] = rest
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const bytes = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more))
    bytes.set(this.#bytes)
    this.#bytes = bytes
  }
}
