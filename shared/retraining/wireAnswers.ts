/** The calls whose answers are kept on a run: what its decisions were made from. */
export const wireCalls = [
  'settings',
  'service',
  'submitJob',
  'startJob',
  'getJob',
  'deleteJob',
  'describeEndpoint',
  'updateEndpoint',
  'score',
] as const

/** One of {@link wireCalls}. */
export type WireCall = (typeof wireCalls)[number]

/**
 * What a call answered, as JSON text without any token; a call that failed has `{"thrown": {kind, message}}`. The same answer
 * again is kept once.
 */
export type WireAnswer = { atMs: number; call: WireCall; answer: string }

/** How a call failed. */
export type Thrown = {
  thrown: { kind: 'terminal' | 'retryable' | 'credential' | 'unknown'; message: string }
}

/** A table's cell holds 32,768 characters. */
const longest = 28_000

/** What is asked for again and again: the same answer as before is kept once. */
const folded: ReadonlySet<WireCall> = new Set(['settings', 'service', 'getJob'])

/**
 * Adds answers to what is kept, leaves out settings and job statuses that say what the last ones said, and lets the oldest but
 * the settings go where a row would hold too much, then those too. Pure.
 */
export function addAnswers(kept: readonly WireAnswer[], more: readonly WireAnswer[]): readonly WireAnswer[] {
  const all = [...kept]
  for (const one of more) {
    const last = all.findLast(({ call }) => call === one.call)
    if (!folded.has(one.call) || last?.answer !== one.answer) all.push(one)
  }
  if (all.length === kept.length) return kept
  while (all.length > 0 && JSON.stringify(all).length > longest) {
    const oldest = all.findIndex(({ call }) => call !== 'settings' && call !== 'service')
    all.splice(Math.max(0, oldest), 1)
  }
  return all
}

/** What the last call of this kind answered, parsed; undefined where none is kept. Pure. */
export function lastAnswer<Answer>(
  answers: readonly WireAnswer[] | undefined,
  call: WireCall,
): Answer | undefined {
  const last = answers?.findLast((one) => one.call === call)
  return last && (JSON.parse(last.answer) as Answer)
}
