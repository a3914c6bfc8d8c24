import type { ReadStream, WriteStream } from 'node:tty'
import { countsLine, renderStorm, type StormView } from './stormScreen.ts'

/** Where the storm is seen and where keys come from. Without a terminal there are lines, and no keys. */
export type Terminal = {
  isInteractive: boolean
  /** Shows how things stand. */
  show(view: StormView): void
  /** Says one thing: a line, or a part of the next screen. */
  print(line: string): void
  /** What was printed last, for the screen. */
  said: readonly string[]
  /** Calls with each key that is pressed; Ctrl-C is `q`. */
  onKey(press: (key: string) => void): void
  /** Gives the terminal back as it was. Safe to call again. */
  close(): void
}

const enterScreen = '\u001b[?1049h\u001b[?25l'
const leaveScreen = '\u001b[?25h\u001b[?1049l'
const home = '\u001b[H'
const clearRest = '\u001b[J'
const clearLine = '\u001b[K'
const linesEveryMs = 5_000

/** The screen on a terminal (both ends are one), else lines. */
export function createTerminal(input: ReadStream, output: WriteStream): Terminal {
  return input.isTTY && output.isTTY ? createScreen(input, output) : createLines(output)
}

function createScreen(input: ReadStream, output: WriteStream): Terminal {
  const said: string[] = []
  let last: StormView | undefined
  let isOpen = true
  output.write(enterScreen)
  input.setRawMode(true)
  input.resume()
  return {
    isInteractive: true,
    said,
    print: (line) => {
      said.push(line)
      if (last === undefined && isOpen) output.write(`${line}\r\n`)
    },
    show(view) {
      last = view
      if (!isOpen) return
      const lines = renderStorm(view, output.columns, true).slice(0, output.rows)
      output.write(`${home}${lines.map((line) => `${line}${clearLine}`).join('\r\n')}${clearRest}`)
    },
    onKey(press) {
      input.on('data', (bytes) => {
        for (const key of bytes.toString()) press(key === '\u0003' ? 'q' : key)
      })
    },
    close() {
      if (!isOpen) return
      isOpen = false
      input.setRawMode(false)
      input.pause()
      output.write(leaveScreen)
      if (last !== undefined) output.write(`${renderStorm(last, output.columns, true).join('\n')}\n`)
    },
  }
}

function createLines(output: WriteStream): Terminal {
  const said: string[] = []
  let shownAtMs = Number.NEGATIVE_INFINITY
  let last: StormView | undefined
  const write = (line: string) => void output.write(`${line}\n`)
  return {
    isInteractive: false,
    said,
    print(line) {
      said.push(line)
      write(line)
    },
    show(view) {
      last = view
      if (performance.now() - shownAtMs < linesEveryMs) return
      shownAtMs = performance.now()
      write(`${view.seconds.toFixed(0).padStart(5)} s   ${countsLine(view)}`)
    },
    onKey() {},
    close() {
      if (last !== undefined) write(countsLine(last))
      last = undefined
    },
  }
}
