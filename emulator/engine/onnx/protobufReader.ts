import { ModelFileError } from '../errors.ts'

/** A field as it stands: `value` of numbers of wire type 0, `bytes` of the others. */
export type Field = { number: number; wire: 0 | 1 | 2 | 5; value: number; bytes: Uint8Array }

const none = new Uint8Array(0)
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads a message's fields in order. Throws ModelFileError at whatever is not protobuf. Allocates nothing by declared length. */
export function* readFields(message: Uint8Array): Generator<Field> {
  let at = 0
  while (at < message.length) {
    const tag = readVarint(message, at)
    const wire = tag.value % 8
    const number = Math.floor(tag.value / 8)
    at = tag.next
    if (wire === 0) {
      const { value, next } = readVarint(message, at)
      yield { number, wire, value, bytes: none }
      at = next
    } else if (wire === 1 || wire === 2 || wire === 5) {
      const length = wire === 2 ? readVarint(message, at) : { value: wire === 1 ? 8 : 4, next: at }
      const end = length.next + length.value
      if (end > message.length)
        throw new ModelFileError('Cannot read the model file: a field is longer than the file')
      yield { number, wire, value: 0, bytes: message.subarray(length.next, end) }
      at = end
    } else throw new ModelFileError(`Cannot read the model file: wire type ${wire} is not known`)
  }
}

function readVarint(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0
  let factor = 1
  for (let at = from; at < from + 8; at++) {
    const byte = bytes[at]
    if (byte === undefined) throw new ModelFileError('Cannot read the model file: it is cut off')
    value += (byte & 127) * factor
    if (byte < 128 && value <= Number.MAX_SAFE_INTEGER) return { value, next: at + 1 }
    factor *= 128
  }
  throw new ModelFileError('Cannot read the model file: a number is out of range')
}

/** A field's text. */
export function textOf(field: Field): string {
  try {
    return decoder.decode(field.bytes)
  } catch (cause) {
    throw new ModelFileError('Cannot read the model file: a text is not UTF-8', { cause })
  }
}

/** Whole numbers of a packed field. */
export function packedIntegers(field: Field): Float64Array {
  let count = 0
  for (const byte of field.bytes) if (byte < 128) count++
  const values = new Float64Array(count)
  for (let at = 0, used = 0; at < field.bytes.length; used++) {
    const { value, next } = readVarint(field.bytes, at)
    values[used] = value
    at = next
  }
  return values
}

/** Finite float32 numbers of a packed field. */
export function packedFloats(field: Field): Float32Array {
  if (field.bytes.length % 4 !== 0)
    throw new ModelFileError('Cannot read the model file: a number is cut off')
  const view = new DataView(field.bytes.buffer, field.bytes.byteOffset, field.bytes.byteLength)
  const values = new Float32Array(field.bytes.length / 4)
  for (let i = 0; i < values.length; i++) {
    const value = view.getFloat32(i * 4, true)
    if (!Number.isFinite(value))
      throw new ModelFileError('Cannot read the model file: a number is not finite')
    values[i] = value
  }
  return values
}
