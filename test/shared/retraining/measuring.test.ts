import { expect, test } from 'vitest'
import type { Holdout, HoldoutResult } from '../../../shared/retraining/holdout.ts'
import { concludeMeasuring } from '../../../shared/retraining/measuring.ts'
import type { ModelSettings } from '../../../shared/retraining/settings.ts'
import { createWorld, dropped, settings } from '../../fakes/world.ts'

const staging = { ...settings.endpoint, url: 'https://management.azureml.net/endpoints/staging' }
const holdout: Holdout = {
  ...{ blob: 'held.csv', label: 'income', positive: '>50K', scored: 'Scored Probabilities' },
  ...{ measure: 'AUC', margin: 0.01, staging },
}
const gated: ModelSettings = { ...settings, gate: { kind: 'limits', limits: [], holdout } }
const other = { customerId: 'fabrikam', model: 'census', generation: 1, owner: 'other' }

test('of two workers that come to an end the first counts: the second neither rejects the run nor changes its figures', async () => {
  const world = await createWorld(gated)
  await world.ports.writeStaging(staging.url, { value: { ...other, untilAtMs: world.clock.now() + 600_000 } })
  await world.containers.holdouts.putText('contoso/census/held.csv', 'age,income\n50,>50K\n20,<=50K\n')
  await dropped(world)
  await world.play(120)
  const run = await world.run(1)
  if (run?.measuring === undefined) throw new Error('the run is not being measured')
  const result: HoldoutResult = { measuredAtMs: world.clock.now(), blob: holdout.blob }
  const late = { holdout, result: { ...result, problem: 'it answers as before' } }
  let isFirst = true
  const ports = {
    ...world.ports,
    readHead: async (key: typeof run) => {
      if (isFirst) {
        isFirst = false
        await concludeMeasuring(world.ports, gated, run, late)
      }
      return world.ports.readHead(key)
    },
  }
  await concludeMeasuring(ports, gated, run, { holdout, result: { ...result, candidate: { AUC: 1 } } })
  expect(await world.run(1)).toMatchObject({ state: 'trained', warrant: 'firstModel', holdout: result })
  expect((await world.run(1))?.holdout?.problem).toBeUndefined()
})
