/** What is wrong with a file of the deployment, at a line counted from 1. */
export type Problem = { file: string; line: number; text: string }

/** `infra/main.bicep:12: no such property: nmae`, as editors and terminals jump to. Pure. */
export function formatProblem({ file, line, text }: Problem): string {
  return `${file}:${line}: ${text}`
}

/** The known names that look like a misspelled one, or all of a short list, as the end of a message. Pure. */
export function suggestion(wrong: string, known: readonly string[]): string {
  const near = known.filter((name) => distance(wrong.toLowerCase(), name.toLowerCase()) <= 2)
  if (near.length > 0) return `; did you mean ${near.join(' or ')}`
  return known.length <= 12 ? `; known: ${known.join(', ')}` : ''
}

/** Edits between two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const swap = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(swap, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
