import { TerminalError } from './errors.ts'
import type { Bound, Limit } from './limits.ts'

/** What a text of limits says, or where it can't be read: `at` is the character, from 0. */
export type Parsed = { kind: 'limits'; limits: Limit[] } | { kind: 'wrong'; at: number; reason: string }

type Token = { kind: 'quoted' | 'comparison' | 'number' | 'sign' | 'word'; text: string; at: number }

class Misfit extends Error {
  readonly at: number

  constructor(at: number, reason: string) {
    super(reason)
    this.at = at
  }
}

const tokens =
  /\s*(?:(?<quoted>"[^"]*")|(?<comparison>>=|<=|≥|≤|>|<)|(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)(?![\p{L}\p{N}_])|(?<sign>[+\-−](?=\s|\d|\.))|(?<word>live(?=[+\-−][\d.])|[^\s"<>≤≥]+))/iuy

/**
 * Reads limits: `AUC >= 0.8`, `AUC >= live - 0.005`, `Log Loss no more than 0.01 above live`, several joined by `and`. A name
 * that holds one of these words stands in double quotes. Pure.
 */
export function parseLimits(text: string): Parsed {
  try {
    const reader = createReader(tokensOf(text), text.trimEnd().length)
    const limits = [readLimit(reader)]
    while (!reader.isAtEnd()) {
      reader.expect('and')
      limits.push(readLimit(reader))
    }
    return { kind: 'limits', limits }
  } catch (error) {
    if (!(error instanceof Misfit)) throw error
    return { kind: 'wrong', at: error.at, reason: error.message }
  }
}

/** As {@link parseLimits}; throws TerminalError whose second and third line point at the place. */
export function readLimits(text: string): Limit[] {
  const parsed = parseLimits(text)
  if (parsed.kind === 'limits') return parsed.limits
  throw new TerminalError(`Cannot read the limits: ${wrongAt(text, parsed)}`)
}

/**
 * Why somebody may not write this text as limits, in one line; undefined where it is fine. Stricter than reading them:
 * `AUC => 0.8` is a slip, though there may be a metric called `AUC =`; one that is called so stands in quotes. Pure.
 */
export function limitsProblem(text: string): string | undefined {
  const parsed = parseLimits(text)
  if (parsed.kind === 'wrong') return `${parsed.reason}, at character ${parsed.at + 1}`
  const at = text.replaceAll(/"[^"]*"|>=|<=/g, (part) => '_'.repeat(part.length)).indexOf('=')
  return at < 0 ? undefined : `expected >=, >, <= or <, not =, at character ${at + 1}`
}

/** What is wrong with a text of limits, with the place below it. Pure. */
function wrongAt(text: string, { at, reason }: { at: number; reason: string }): string {
  const line = text.replaceAll(/\s/g, ' ')
  return `${reason}, at character ${at + 1}\n  ${line}\n  ${' '.repeat(at)}^`
}

function tokensOf(text: string): Token[] {
  const found: Token[] = []
  let at = 0
  while (at < text.trimEnd().length) {
    tokens.lastIndex = at
    const match = tokens.exec(text)
    const [kind, part] = Object.entries(match?.groups ?? {}).find(([, group]) => group !== undefined) ?? []
    if (match === null || part === undefined) throw new Misfit(at, 'a quote is not closed')
    found.push({ kind: kind as Token['kind'], text: part, at: tokens.lastIndex - part.length })
    at = tokens.lastIndex
  }
  return found
}

type Reader = ReturnType<typeof createReader>

function createReader(found: readonly Token[], end: number) {
  let next = 0
  const peek = (ahead = 0) => found[next + ahead]
  const isWord = (text: string, ahead = 0) =>
    peek(ahead)?.kind === 'word' && peek(ahead)?.text.toLowerCase() === text
  return {
    peek,
    isWord,
    isAtEnd: () => next >= found.length,
    take: () => found[next++],
    expect(word: string) {
      if (!isWord(word)) throw new Misfit(peek()?.at ?? end, `expected ${word}${instead(peek())}`)
      next++
    },
    misfit: (expected: string) => new Misfit(peek()?.at ?? end, `expected ${expected}${instead(peek())}`),
  }
}

function instead(token: Token | undefined): string {
  return token === undefined ? ' but the text ends' : `, not ${token.text}`
}

function readLimit(reader: Reader): Limit {
  const metric = readMetric(reader)
  if (reader.isWord('no')) return readAllowedDrop(reader, metric)
  const token = reader.peek()
  if (token?.kind !== 'comparison') throw reader.misfit('>=, >, <=, < or "no more than"')
  reader.take()
  const comparison = token.text.replace('≥', '>=').replace('≤', '<=') as Limit['comparison']
  return { metric, comparison, bound: readBound(reader) }
}

/** The words up to the comparison, or a name in quotes. */
function readMetric(reader: Reader): string {
  const first = reader.peek()
  if (first?.kind === 'quoted') {
    reader.take()
    if (first.text.length <= 2) throw new Misfit(first.at, 'expected the name of a metric, not ""')
    return first.text.slice(1, -1)
  }
  const words: string[] = []
  for (let token = reader.peek(); token !== undefined; token = reader.peek()) {
    if (token.kind !== 'word' && token.kind !== 'number' && token.kind !== 'sign') break
    if (reader.isWord('and') || (reader.isWord('no') && reader.isWord('more', 1))) break
    words.push(token.text)
    reader.take()
  }
  if (words.length === 0) throw reader.misfit('the name of a metric')
  return words.join(' ')
}

function readBound(reader: Reader): Bound {
  const sign = readSign(reader)
  if (sign === 0 && reader.isWord('live')) {
    reader.take()
    const offset = readSign(reader)
    return { kind: 'live', offset: offset === 0 ? 0 : offset * readNumber(reader) }
  }
  return { kind: 'number', value: (sign === 0 ? 1 : sign) * readNumber(reader, 'a number or live') }
}

function readSign(reader: Reader): -1 | 0 | 1 {
  const token = reader.peek()
  if (token?.kind !== 'sign') return 0
  reader.take()
  return token.text === '+' ? 1 : -1
}

function readNumber(reader: Reader, expected = 'a number'): number {
  const token = reader.peek()
  if (token?.kind !== 'number' || !Number.isFinite(Number(token.text))) throw reader.misfit(expected)
  reader.take()
  return Number(token.text)
}

/** `no more than 0.01 below live`: at least live - 0.01. */
function readAllowedDrop(reader: Reader, metric: string): Limit {
  for (const word of ['no', 'more', 'than']) reader.expect(word)
  const by = readNumber(reader)
  const isBelow = reader.isWord('below')
  if (!isBelow && !reader.isWord('above')) throw reader.misfit('below or above')
  reader.take()
  reader.expect('live')
  return isBelow
    ? { metric, comparison: '>=', bound: { kind: 'live', offset: by === 0 ? 0 : -by } }
    : { metric, comparison: '<=', bound: { kind: 'live', offset: by } }
}
