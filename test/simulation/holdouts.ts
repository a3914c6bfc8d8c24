import { figuresOf } from '../../shared/retraining/pairedDifference.ts'
import type { Endpoint, ScoringRow } from '../../shared/retraining/services.ts'
import type { LimitsGate } from '../../shared/retraining/settings.ts'
import type { Sim } from './sim.ts'
import type { World } from './world.ts'

/** The staging endpoint that all customers' runs share. */
export const staging: Endpoint = {
  url: 'https://management.example/workspaces/w/webservices/s/endpoints/staging',
  scoringUrl: 'https://scoring.example/workspaces/w/services/staging',
  apiKey: 'env:KEY_OF_STAGING',
  resourceName: 'Census Model [trained model]',
}

/** A gate that compares on the holdout, and lets most models through. */
export const holdoutGate: LimitsGate = {
  kind: 'limits',
  limits: [],
  holdout: {
    ...{ blob: 'held.csv', label: 'income', positive: 'high', scored: 'Scored Probabilities' },
    ...{ measure: 'AUC', margin: 0.3, unsure: 'update', staging },
  },
}

const rows = Array.from({ length: 240 }, (_none, at) => ({ age: String(20 + at), isHigh: at % 3 === 0 }))

/** The blob that every model's holdout is. */
export const heldOut = `age,income\n${rows.map(({ age, isHigh }) => `${age},${isHigh ? 'high' : 'low'}`).join('\n')}\n`

/** What a model says of a row: goes with both, by no rule. */
export function probabilityOf(model: string, { age = '' }: ScoringRow): number {
  let mixed = 7
  for (const character of `${model} ${age}`) mixed = (mixed * 31 + character.charCodeAt(0)) % 1_000_003
  return (mixed % 997) / 997
}

/**
 * Whatever happened to the staging endpoint meanwhile: figures on a run are those of its own model. Only where other hands
 * changed what it answers after the app looked, and the PATCH that followed lied, nobody could tell.
 */
export function checkHoldouts(sim: Sim, { witness, stores, endpoints }: World): void {
  for (const view of witness.models.values()) {
    for (const [generation, run] of view.runs) {
      const result = JSON.parse(String(run.holdout ?? '{}')) as { candidate?: { AUC: number } }
      // Retention may have taken the model meanwhile.
      if (result.candidate === undefined || run.archive === undefined) continue
      const { model } = JSON.parse(String(run.archive)) as { model: { name: string } }
      const text = stores.containers.models.text(model.name)
      const scored = rows.map(({ age, isHigh }) => ({
        isPositive: isHigh,
        candidate: probabilityOf(text, { age }),
      }))
      const { AUC } = figuresOf(scored, 'candidate', true)
      if (AUC === result.candidate.AUC || endpoints.masked.has(`models/${model.name}`)) continue
      sim.violate('holdout', `run ${generation} of ${view.partition} was judged by another model's figures`)
    }
  }
}
