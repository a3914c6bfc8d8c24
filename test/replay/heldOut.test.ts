import { expect, test } from 'vitest'
import { withInstantsForReading } from '../../shared/lib/instants.ts'
import { approveRun } from '../../shared/retraining/approveRun.ts'
import { exportRun, type RunExport } from '../../shared/retraining/exportRun.ts'
import type { ModelSettings } from '../../shared/retraining/settings.ts'
import { createWorld, dropped, settings, type World } from '../fakes/world.ts'
import { parseExport } from './readExport.ts'
import { replay } from './replay.ts'

const gate: ModelSettings['gate'] = {
  kind: 'limits',
  limits: [],
  holdout: {
    ...{ blob: 'held.csv', label: 'income', positive: 'yes', scored: 'score', measure: 'AUC', margin: 0.01 },
    staging: { ...settings.endpoint, url: 'https://management.azureml.net/endpoints/staging' },
  },
}
const rows = Array.from({ length: 20 }, (_none, at) => `${60 - at},${at < 10 ? 'yes' : 'no'}`)

/** Two generations that were scored on rows held out; a `worse` second one sorts them the wrong way round. */
async function measured(worse: boolean): Promise<World> {
  const world = await createWorld({ gate })
  world.services.answers.with = (model, { age = '' }) => {
    const sign = worse && model.includes('/0000000002/') ? -1 : 1
    const generation = Number(/census\/0*(\d+)\//.exec(model)?.[1] ?? 0)
    return { score: String(0.5 + (sign * Number(age)) / 200 - generation / 1_000) }
  }
  await world.containers.holdouts.putText('contoso/census/held.csv', `age,income\n${rows.join('\n')}\n`)
  await dropped(world)
  await world.play(240)
  await dropped(world, 'contoso/census/april.csv', 'age\n40\n')
  await world.play(240)
  return world
}

/** A run as it comes from the API. */
async function exported(world: World, generation: number): Promise<RunExport> {
  const found = await exportRun(world.ports, { ...world.key, generation }, { withData: false })
  if (found.kind !== 'exported') throw new Error(found.kind)
  return parseExport(JSON.parse(JSON.stringify(withInstantsForReading(found.file))))
}

test.each([
  ['live', false, 1],
  ['live', false, 2],
  ['rejected', true, 2],
] as const)(
  'a run that was scored on rows held out is played again: %s, worse %s, generation %i',
  async (state, worse, generation) => {
    const file = await exported(await measured(worse), generation)
    expect([file.run.state, file.run.holdout?.scored]).toEqual([
      generation === 1 && !worse ? 'superseded' : state,
      20,
    ])
    const { agreed, difference } = await replay(file)
    expect(difference).toBeUndefined()
    expect(agreed).toContain('scored on 20 rows of held.csv')
  },
)

test('worse on rows held out and approved, it is played to its going live', async () => {
  const world = await measured(true)
  await approveRun(world.ports, { ...world.key, generation: 2 }, { by: 'kim', reason: 'the rows are old' })
  await world.play(120)
  const { agreed, difference } = await replay(await exported(world, 2))
  expect(difference).toBeUndefined()
  expect(agreed.at(-1)).toMatch(/^live, evidence/)
})
