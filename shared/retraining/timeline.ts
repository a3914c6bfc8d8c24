/** One thing that happened to a run; `count` and `lastAtMs` when it happened several times in a row. */
export type TimelineEntry = {
  atMs: number
  text: string
  count?: number | undefined
  lastAtMs?: number | undefined
}

const mostEntries = 50
const longestText = 400

/** The line of a reason that says why; what follows is raw text from outside. Pure. */
export function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? ''
}

/** Adds an entry, folds it into the last one when the text is the same, keeps the last 50. Pure. */
export function addEntry(timeline: readonly TimelineEntry[], atMs: number, text: string): TimelineEntry[] {
  const cut = text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text
  const last = timeline.at(-1)
  if (last?.text === cut) {
    return [...timeline.slice(0, -1), { ...last, count: (last.count ?? 1) + 1, lastAtMs: atMs }]
  }
  return [...timeline, { atMs, text: cut }].slice(-mostEntries)
}
