import { isUtf8 } from 'node:buffer'
import { TrainingDataError } from '../errors.ts'

const magics: [kind: string, bytes: number[]][] = [
  ['a ZIP archive or an Excel workbook', [0x50, 0x4b, 0x03, 0x04]],
  ['a gzip file', [0x1f, 0x8b]],
  ['a PDF file', [0x25, 0x50, 0x44, 0x46]],
  ['a Parquet file', [0x50, 0x41, 0x52, 0x31]],
  ['UTF-16 text (save it as UTF-8)', [0xff, 0xfe]],
  ['UTF-16 text (save it as UTF-8)', [0xfe, 0xff]],
]

/** Throws TrainingDataError unless the bytes are UTF-8 text without NUL; says what they look like instead. */
export function checkText(bytes: Uint8Array): void {
  if (bytes.length === 0) throw refuse('it is empty')
  const binary = binaryReason(bytes)
  if (binary !== undefined) throw refuse(binary)
  if (!isUtf8(bytes)) throw refuse(`it is not UTF-8 text: line ${firstBadLine(bytes)} has other bytes`)
}

/** Why a file, or its beginning, is no text: how it begins, or a NUL byte; undefined when it may be. */
export function binaryReason(bytes: Uint8Array): string | undefined {
  for (const [kind, magic] of magics) {
    if (magic.every((byte, i) => bytes[i] === byte)) return `it is not CSV but ${kind}`
  }
  const nul = bytes.indexOf(0)
  return nul < 0 ? undefined : `it is not CSV text: line ${lineAt(bytes, nul)} has a NUL byte`
}

function refuse(reason: string): TrainingDataError {
  return new TrainingDataError(`Cannot read training data: ${reason}`)
}

function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < offset; at = bytes.indexOf(0x0a, at + 1)) line++
  return line
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1
  let from = 0
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, from)) {
    if (!isUtf8(bytes.subarray(from, at))) break
    from = at + 1
    line++
  }
  return line
}
