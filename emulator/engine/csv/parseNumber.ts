const powersOfTen = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent)
const decimal = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/
const missing = new Set(['', 'NA', 'NaN', '?'])
const decoder = new TextDecoder()

/**
 * A numeric cell's value as float32: NaN where it is missing (empty, `NA`, `NaN` or `?`, blanks around not counted),
 * undefined where it is no decimal number or too great for float32.
 */
export function numberFromText(text: string): number | undefined {
  const trimmed = text.trim()
  if (missing.has(trimmed)) return Number.NaN
  if (!decimal.test(trimmed)) return undefined
  const value = Math.fround(Number(trimmed))
  return Number.isFinite(value) ? value : undefined
}

/**
 * `numberFromText` of the bytes from `start` to `end`. Up to 15 digits are read without a string: such a mantissa
 * and its power of ten are exact, so that one division rounds right.
 */
export function numberFromBytes(bytes: Uint8Array, start: number, end: number): number | undefined {
  const negative = bytes[start] === 0x2d
  const from = negative ? start + 1 : start
  if (from >= end || end - from > 15) return slowNumber(bytes, start, end)
  let mantissa = 0
  let point = -1
  for (let i = from; i < end; i++) {
    const digit = (bytes[i] as number) - 0x30
    if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit
    else if (digit === -2 && point < 0 && end - from > 1) point = i
    else return slowNumber(bytes, start, end)
  }
  const value = point < 0 ? mantissa : mantissa / (powersOfTen[end - point - 1] as number)
  return Math.fround(negative ? -value : value)
}

function slowNumber(bytes: Uint8Array, start: number, end: number): number | undefined {
  return numberFromText(decoder.decode(bytes.subarray(start, end)))
}
