/** A variable of the sample code, named alike in every language. */
export class Variable {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** What a literal is made of. */
export type LiteralValue =
  | string
  | number
  | Variable
  | readonly LiteralValue[]
  | { readonly [key: string]: LiteralValue }

/** How a language writes its literals. `indent` is the blanks of one level. */
export type Syntax = {
  indent: string
  list: readonly [open: string, close: string]
  record: readonly [open: string, close: string]
  entry: (key: string) => string
  emptyRecord: string
}

export const python: Syntax = {
  indent: '    ',
  list: ['[', ']'],
  record: ['{', '}'],
  entry: (key) => `${codeString(key)}: `,
  emptyRecord: '{}',
}

export const csharp: Syntax = {
  indent: '    ',
  list: ['new object[] {', '}'],
  record: ['new Dictionary<string, object> {', '}'],
  entry: (key) => `[${codeString(key)}] = `,
  emptyRecord: 'new Dictionary<string, object>()',
}

export const r: Syntax = {
  indent: '  ',
  list: ['list(', ')'],
  record: ['list(', ')'],
  entry: (key) => `${codeString(key)} = `,
  emptyRecord: 'setNames(list(), character(0))',
}

/** A value as source code. Continuation lines begin with `margin`; what fits in 100 characters stays on one line. */
export function literal(value: LiteralValue, syntax: Syntax, margin = ''): string {
  if (typeof value === 'string') return codeString(value)
  if (typeof value === 'number') return String(value)
  if (value instanceof Variable) return value.name
  const inner = margin + syntax.indent
  const [brackets, items] = isList(value)
    ? [syntax.list, value.map((item) => literal(item, syntax, inner))]
    : [syntax.record, entries(value, syntax, inner)]
  if (items.length === 0) return isList(value) ? brackets.join('') : syntax.emptyRecord
  const pad = brackets[0].endsWith(' {') ? ' ' : ''
  const line = brackets[0] + pad + items.join(', ') + pad + brackets[1]
  if (margin.length + line.length <= 100 && !line.includes('\n')) return line
  return `${brackets[0]}\n${inner}${items.join(`,\n${inner}`)}\n${margin}${brackets[1]}`
}

function entries(record: { readonly [key: string]: LiteralValue }, syntax: Syntax, inner: string): string[] {
  return Object.entries(record).map(([key, item]) => syntax.entry(key) + literal(item, syntax, inner))
}

function isList(value: LiteralValue): value is readonly LiteralValue[] {
  return Array.isArray(value)
}

const short: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A string literal that C#, Python and R read alike: printable ASCII as it is, the rest as `\uXXXX` or `\UXXXXXXXX`. */
export function codeString(text: string): string {
  const escaped = text.replace(/["\\]|[^\x20-\x7e]/gu, (found) => {
    const code = found.codePointAt(0) ?? 0
    if (short[found] !== undefined) return short[found]
    const digits = code.toString(16).toUpperCase()
    return code > 0xffff ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`
  })
  return `"${escaped}"`
}
