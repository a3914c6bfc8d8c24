import { type CustomerLine, changedLines, renderLine } from './lines.ts'

/** Where the stack tells what happens: lines that stay, and one line a customer that is redrawn. */
export type Screen = {
  /** A line that stays. */
  print(line: string): void
  /** The customers' lines as they are now. */
  show(lines: readonly CustomerLine[]): void
  /** The lines as they were last shown stay; the next ones begin below. */
  settle(): void
  /** Nothing is written any more: what is still under way has no say. */
  close(): void
}

/** The part of a stream a screen needs; `columns` only on a terminal. */
export type Output = { isTTY?: boolean; columns?: number; write(text: string): unknown }

/** A screen on a stream: redrawn in place on a terminal, else a plain line at each change. */
export function createScreen(output: Output): Screen {
  let isOpen = true
  const { isTTY } = output
  const gated = {
    get columns() {
      return output.columns ?? 80
    },
    write: (text: string) => (isOpen ? output.write(text) : undefined),
  }
  const screen = isTTY === true ? createRedrawn(gated) : createPlain(gated)
  const close = () => {
    isOpen = false
  }
  return { ...screen, close }
}

/** A screen that shows nothing. */
export const silentScreen: Screen = { print: () => {}, show: () => {}, settle: () => {}, close: () => {} }

function createPlain(output: Output): Omit<Screen, 'close'> {
  let shown: readonly CustomerLine[] = []
  return {
    print: (line) => output.write(`${line}\n`),
    show(lines) {
      for (const line of changedLines(shown, lines)) output.write(`${renderLine(line, 1_000)}\n`)
      shown = lines
    },
    settle() {
      shown = []
    },
  }
}

const up = (lines: number) => (lines === 0 ? '' : `\u001b[${lines}A`)
const eraseBelow = '\r\u001b[J'

function createRedrawn(output: Output): Omit<Screen, 'close'> {
  let shown: readonly CustomerLine[] = []
  const draw = (lines: readonly CustomerLine[], above = '') => {
    const width = (output.columns ?? 80) - 1
    const text = lines.map((line) => `${renderLine(line, width)}\n`).join('')
    output.write(`${up(shown.length)}${eraseBelow}${above}${text}`)
    shown = lines
  }
  return {
    print: (line) => draw(shown, `${line}\n`),
    show: (lines) => draw(lines),
    settle() {
      shown = []
    },
  }
}
