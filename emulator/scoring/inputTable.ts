import { memberOf } from '../http/members.ts'
import { serviceError } from '../http/serviceError.ts'
import { isObject } from '../storage/blobReference.ts'

/** Rows of an RRS request: cells as JSON has them, in the order of `columns`. */
export type InputTable = { columns: string[]; rows: readonly (readonly unknown[])[] }

/** Reads an input port's value: `{ColumnNames, Values}` or a list of objects, whatever `format` says. Throws InputParseError. */
export function decodeInputTable(value: unknown, port: string): InputTable {
  if (Array.isArray(value)) return fromRecords(value, port)
  if (!isObject(value)) throw neither(port)
  const columns = memberOf(value, 'ColumnNames')
  const rows = memberOf(value, 'Values')
  if (!isTextList(columns) || !Array.isArray(rows)) throw neither(port)
  rows.forEach((row, at) => {
    if (!Array.isArray(row)) throw parseError(port, `row ${at + 1} is not a list of values`)
    if (row.length === columns.length) return
    throw parseError(port, `row ${at + 1} has ${row.length} values, there are ${columns.length} column names`)
  })
  return { columns, rows }
}

/** A list without rows names no columns: it counts as having the wanted ones, as `ColumnNames` without `Values` has. */
export function namedAs(input: InputTable, wanted: readonly string[]): InputTable {
  return input.columns.length + input.rows.length === 0 ? { columns: [...wanted], rows: [] } : input
}

function neither(port: string): Error {
  return parseError(port, 'it is neither {"ColumnNames", "Values"} nor a list of rows')
}

/** The wanted columns' places among `columns`; throws InputMismatchError that names the missing and the unknown ones. */
export function placeColumns(
  columns: readonly string[],
  wanted: readonly string[],
  { optional, port }: { optional: readonly string[]; port: string },
): number[] {
  const places = wanted.map((name) => columns.indexOf(name))
  const missing = wanted.filter((_, at) => places[at] === -1)
  const unknown =
    columns.length > wanted.length - missing.length
      ? columns.filter((name) => !wanted.includes(name) && !optional.includes(name))
      : []
  if (missing.length === 0 && unknown.length === 0) return places
  const said = [list('missing', missing), list('unknown', unknown)].filter((text) => text !== '').join('; ')
  const message = `Input data does not match input port schema. ${said}`
  throw serviceError('BadUserArgument', 'InputMismatchError', message, port)
}

/** Throws InputParseError for a row, at place `at`, with a list or an object as a value. */
export function checkCells(cells: readonly unknown[], { at, port }: { at: number; port: string }): void {
  for (const cell of cells) {
    if (typeof cell === 'object' && cell !== null)
      throw parseError(port, `row ${at + 1} has a value that is no text or number`)
  }
}

/** InputParseError with what is wrong. */
export function parseError(port: string, problem: string): Error {
  const message = `Parsing of input vector failed.  Verify the input vector has the correct number of columns and data types.  Additional details: ${problem}.`
  return serviceError('BadUserArgument', 'InputParseError', message, port)
}

function fromRecords(records: readonly unknown[], port: string): InputTable {
  const columns: string[] = []
  const seen = new Set<string>()
  for (const [at, record] of records.entries()) {
    if (!isObject(record)) throw parseError(port, `row ${at + 1} is not an object`)
    for (const name of Object.keys(record)) {
      if (!seen.has(name)) {
        seen.add(name)
        columns.push(name)
      }
    }
  }
  return {
    columns,
    rows: records.map((record) => columns.map((name) => (record as Record<string, unknown>)[name])),
  }
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function list(what: string, names: readonly string[]): string {
  if (names.length === 0) return ''
  const quoted = names.map((name) => `"${name}"`).join(', ')
  return names.length === 1 ? `The column ${quoted} is ${what}.` : `The columns ${quoted} are ${what}.`
}
