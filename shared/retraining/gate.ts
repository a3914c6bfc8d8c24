import type { Warrant } from './run.ts'
import type { Gate } from './settings.ts'

/** What the gate says of a trained model. `warrant` is what an update may name as its reason. */
export type Verdict =
  | { kind: 'update'; warrant: Warrant; text: string }
  | { kind: 'reject'; text: string }
  | { kind: 'approve'; text: string }

/** A model as the gate sees it. */
export type Candidate = { metrics: Readonly<Record<string, number>> }

/** Judges a trained model; `live` is the model that answers now, if one of ours does. Pure. */
export function judge(gate: Gate, candidate: Candidate, live: Candidate | undefined): Verdict {
  switch (gate.kind) {
    case 'always': {
      const metrics = Object.keys(candidate.metrics).length
      const text = `passed gate always (${metrics === 0 ? 'no metrics' : `${metrics} metrics`})`
      return { kind: 'update', warrant: live === undefined ? 'firstModel' : 'gatePassed', text }
    }
  }
}
