import { InvalidArgumentError } from 'commander'

/** Makes a parser of a whole number from `least` to `most`, for commander: what is none is refused as a wrong argument. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`
    throw new InvalidArgumentError(`It is a whole number, ${range}`)
  }
}
