import type { RunExport } from '../../shared/retraining/exportRun.ts'
import type { TimelineEntry } from '../../shared/retraining/timeline.ts'

/** A decision that is another one than the run's. */
export type Difference = { what: string; expected: string; got: string }

/** The entries of a run's timeline that its own decisions made; `isWhole` when they reach to its end. */
export type Expected = { entries: TimelineEntry[]; texts: string[]; isWhole: boolean; note?: string }

/** What others did to the run: another generation, an operator, other hands. From there on it is not this run's. */
const foreign =
  /^(?:generation \d+ is live$|rolled back to by |pinned by |the endpoint was found with another model|superseded: )/

/** Steps of scoring on the holdout, of which the result is in the export. */
const measuring =
  /^(?:staging endpoint updated|scored \d+ of \d+ rows|the (?:staging )?endpoint |waits for the staging)/

/** Trouble with our own storage is not recorded. */
const trouble = /^(?:submit the job|start the job|ask for the job|update the endpoint|score on the holdout): /

/** What a replay has to come to. */
export function expectedEntries({ run }: RunExport): Expected {
  const { timeline } = run
  const cut = timeline.findIndex(({ text }) => foreign.test(text))
  const own = cut < 0 ? timeline : timeline.slice(0, cut)
  const entries = own.filter(({ text }) => run.holdout === undefined || !measuring.test(text))
  const texts = entries.map(({ text }) => text)
  if (cut < 0) return { entries: [...entries], texts, isWhole: true }
  return {
    entries: [...entries],
    texts,
    isWhole: false,
    note: `decided by others from here on: ${timeline[cut]?.text}`,
  }
}

/** How far two timelines agree. A run that is not over yet may have fewer entries. */
export function firstDifference(
  expected: readonly string[],
  got: readonly string[],
  isOver: boolean,
): { agreed: string[]; difference?: Difference | undefined } {
  const agreed: string[] = []
  let at = 0
  for (const text of expected) {
    const now = got[at]
    if (now === text) at++
    else if (now === undefined && !isOver) return { agreed }
    else if (!trouble.test(text)) {
      const what = `entry ${agreed.length + 1} of the timeline`
      return { agreed, difference: { what, expected: text, got: now ?? 'nothing' } }
    }
    agreed.push(text)
  }
  const more = got[at]
  if (more === undefined || foreign.test(more)) return { agreed }
  return { agreed, difference: { what: 'what comes after', expected: 'nothing', got: more } }
}
