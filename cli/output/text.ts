/** Colours of the terminal, by what they say. */
export type Colour = 'good' | 'bad' | 'warn' | 'busy' | 'faint' | 'bold'

/** A piece of a line or a table's cell. Text of other hands is made harmless; only `colour` colours. */
export type Part = string | number | { text: string; colour: Colour }

/** SGR numbers. Source: ECMA-48, 8.3.117. */
const sgr: Record<Colour, number> = { good: 32, bad: 31, warn: 33, busy: 36, faint: 2, bold: 1 }

/** Text without what could control a terminal or turn its direction: each such character is a `?`. Pure. */
export function harmless(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '?')
}

/** A part's text, harmless and without colour. Pure. */
export function textOf(part: Part): string {
  return harmless(typeof part === 'object' ? part.text : String(part))
}

/** A part as it is written: coloured where `isColoured`. Pure. */
export function paint(part: Part, isColoured: boolean, text = textOf(part)): string {
  return isColoured && typeof part === 'object' ? `\u001b[${sgr[part.colour]}m${text}\u001b[0m` : text
}

/** Letters that take two columns: East Asian wide and full-width forms, and emoji. Source: UAX 11. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const segmenter = new Intl.Segmenter()

/** How many columns a text takes on a terminal. Pure. */
export function columnsOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let columns = 0
  for (const { segment } of segmenter.segment(text)) columns += wide.test(segment) ? 2 : 1
  return columns
}

/** The text in at most `columns` columns, an ellipsis at its end where it was cut. Pure. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text
  let kept = ''
  let taken = 0
  for (const { segment } of segmenter.segment(text)) {
    taken += wide.test(segment) ? 2 : 1
    if (taken > columns - 1) break
    kept += segment
  }
  return columns < 1 ? '' : `${kept}…`
}

/** Joined by blanks up to a width: text padded to a column. Pure. */
export function pad(text: string, columns: number, side: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, columns - columnsOf(text)))
  return side === 'right' ? blanks + text : text + blanks
}
