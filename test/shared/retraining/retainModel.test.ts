import { expect, test } from 'vitest'
import { keepAll } from '../../../shared/retraining/retention.ts'
import { workRetention } from '../../../shared/retraining/workRetention.ts'
import { createWorld, dropped } from '../../fakes/world.ts'

test('the hundreds of copies of one generation go, though their names do not fit one cell of its row', async () => {
  const world = await createWorld()
  for (let at = 1; at <= 500; at++) await dropped(world, `contoso/census/${at}.csv`, `age\n${at}\n`)
  await world.play(300)
  for (const name of ['a', 'b', 'c']) {
    await dropped(world, `contoso/census/${name}.csv`, `age\n${name}\n`)
    await world.play(300)
  }
  world.clock.advance(90 * 86_400)
  await workRetention({ ...world.ports, retention: { ...keepAll, trainingSetsDays: 1 } })
  expect(await world.run(1)).toMatchObject({ trainingSetGone: true })
  const copies = await world.containers.trainingSets.list('contoso/census/drops/', { size: 5_000 })
  expect(copies.blobs.length).toBeLessThan(5)
})
