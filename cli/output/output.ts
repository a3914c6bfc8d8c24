import { type Column, renderTable } from './table.ts'
import { type Part, paint } from './text.ts'

/** A stream that is written to; `columns` only on a terminal. */
export type Stream = {
  isTTY?: boolean | undefined
  columns?: number | undefined
  write(text: string): unknown
}

/** Where a command's answer goes. What comes from elsewhere (names, reasons) is made harmless here. */
export type Output = {
  /** A line for people: on stdout, with `--json` on stderr. */
  line(...parts: readonly Part[]): void
  /** One JSON value, in one line on stdout. */
  json(value: unknown): void
  /** A table for people, no wider than the terminal. */
  table(columns: readonly Column[], rows: readonly (readonly Part[])[]): void
  /** A line beside the answer (how to see more): on stderr. */
  note(...parts: readonly Part[]): void
}

/** Streams and switches of an output. `noColour`: the user's NO_COLOR is set (Source: no-color.org). */
export type OutputOptions = { stdout: Stream; stderr: Stream; json: boolean; noColour: boolean }

/** Creates the output on two streams. */
export function createOutput({ stdout, stderr, json, noColour }: OutputOptions): Output {
  const people = json ? stderr : stdout
  const isColoured = (stream: Stream) => stream.isTTY === true && !noColour
  // Streams answer whether their buffer has room, which is no answer of ours: a command may return what it wrote last.
  const write = (stream: Stream, parts: readonly Part[]) => {
    stream.write(`${parts.map((part) => paint(part, isColoured(stream))).join('')}\n`)
  }
  return {
    line: (...parts) => write(people, parts),
    note: (...parts) => write(stderr, parts),
    json(value) {
      stdout.write(`${JSON.stringify(value)}\n`)
    },
    table(columns, rows) {
      const width = people.isTTY === true ? (people.columns ?? 80) : undefined
      const lines = renderTable(columns, rows, { width, isColoured: isColoured(people) })
      for (const line of lines) people.write(`${line}\n`)
    },
  }
}
