import type { FlatSettings } from './flatten.ts'
import { parseTimeSpan } from './timeSpan.ts'

/** Reads typed settings and collects what is wrong with them, so that all of it is reported at once. */
export type SettingsReader = {
  problems: string[]
  text(path: string, fallback: string): string
  oneOf<Choice extends string>(path: string, choices: readonly Choice[], fallback: Choice): Choice
  whole(path: string, fallback: number, least: number, most?: number): number
  milliseconds(path: string, fallback: number, leastMs: number, mostMs?: number): number
}

/** A reader over flattened settings; `path` is written as in host.json (`extensions.queues.batchSize`). */
export function readSettings(settings: FlatSettings): SettingsReader {
  const problems: string[] = []
  const at = (path: string) => settings.get(path.toLowerCase().replaceAll('.', ':'))
  const check = <Value>(path: string, value: Value | undefined, wanted: string, fallback: Value): Value => {
    if (value !== undefined) return value
    problems.push(`${path} must be ${wanted}, not "${at(path)}"`)
    return fallback
  }
  return {
    problems,
    text: (path, fallback) => at(path) ?? fallback,
    oneOf: (path, choices, fallback) => {
      const text = at(path)
      if (text === undefined) return fallback
      const choice = choices.find((known) => known.toLowerCase() === text.toLowerCase())
      return check(path, choice, `one of ${choices.join(', ')}`, fallback)
    },
    whole: (path, fallback, least, most = Number.MAX_SAFE_INTEGER) => {
      const text = at(path)
      if (text === undefined) return fallback
      return check(path, wholeWithin(text, least, most), wholeWanted(least, most), fallback)
    },
    milliseconds: (path, fallback, leastMs, mostMs = Number.MAX_SAFE_INTEGER) => {
      const text = at(path)
      if (text === undefined) return fallback
      const ms = parseTimeSpan(text)
      const within = ms !== undefined && ms >= leastMs && ms <= mostMs ? ms : undefined
      return check(path, within, `a time span (hh:mm:ss) of ${leastMs / 1000} s or more`, fallback)
    },
  }
}

function wholeWithin(text: string, least: number, most: number): number | undefined {
  const value = /^-?\d+$/.test(text.trim()) ? Number(text) : undefined
  return value !== undefined && value >= least && value <= most ? value : undefined
}

function wholeWanted(least: number, most: number): string {
  return most === Number.MAX_SAFE_INTEGER
    ? `a whole number, ${least} or more`
    : `a whole number from ${least} to ${most}`
}
