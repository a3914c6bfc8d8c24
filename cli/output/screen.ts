import type { Stream } from './output.ts'
import { cut, type Part, paint, textOf } from './text.ts'

/** Lines that are drawn again in the same place. */
export type Screen = { draw(lines: readonly Part[][]): void; close(): void }

const eraseBelow = '\r\u001b[J'
const [hideCursor, showCursor] = ['\u001b[?25l', '\u001b[?25h']

/** A screen on a terminal: no line is wider than it, none wraps. What stood last stays when it is closed. */
export function createScreen(terminal: Stream, isColoured: boolean): Screen {
  let height = 0
  terminal.write(hideCursor)
  return {
    draw(lines) {
      const width = (terminal.columns ?? 80) - 1
      const text = lines.map((parts) => `${fitted(parts, width, isColoured)}\n`).join('')
      terminal.write(`${height === 0 ? '' : `\u001b[${height}A`}${eraseBelow}${text}`)
      height = lines.length
    },
    close: () => void terminal.write(showCursor),
  }
}

function fitted(parts: readonly Part[], width: number, isColoured: boolean): string {
  let left = width
  return parts
    .map((part) => {
      const text = cut(textOf(part), left)
      left -= text.length
      return paint(part, isColoured, text)
    })
    .join('')
}
