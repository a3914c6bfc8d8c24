import { expect, test } from 'vitest'
import { acceptDrop } from '../../../shared/retraining/acceptDrop.ts'
import { createWorld } from '../../fakes/world.ts'

const march = 'contoso/census/march.csv'

test('an event that comes twice repeats the start half a minute after the first, and no two open at once', async () => {
  const world = await createWorld({ quietSeconds: 20, maxQuietSeconds: 60 })
  await world.containers.trainingData.putText(march, 'age\n39\n')
  const delays: number[] = []
  const sendStart = async (_message: object, seconds: number) => void delays.push(seconds)
  for (let events = 0; events < 2; events++) await acceptDrop({ ...world.ports, sendStart }, march)
  expect(delays).toEqual([20, 50])
})
