import { expect, test } from 'vitest'
import { createErasures } from '../../../shared/adapters/eraseTable.ts'
import { createVirtualClock } from '../../fakes/virtualClock.ts'
import { createMemoryStores } from '../../simulation/stores.ts'

test('erasing a customer, round after round, brings no message of another one near its poison queue', async () => {
  const stores = createMemoryStores(createVirtualClock())
  const queue = stores.queues.startRequests
  const { eraseStep, eraseSteps } = createErasures(stores)
  const [own, other] = ['contoso', 'adatum'].map((customerId) => ({ v: 1, customerId, model: 'census' }))
  await queue.send(own ?? {})
  await queue.send(other ?? {})
  const counts: number[] = []
  for (let rounds = 0; rounds < 9; rounds++) {
    let count = 0
    for (let step = 0; step < eraseSteps; step++)
      count += (await eraseStep({ step }, 'contoso', 'erased-1')).count
    counts.push(count)
  }
  expect(counts).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0])
  const left = await queue.receive(32, 30)
  expect(left.map(({ body }) => body)).toEqual([other])
  expect(left[0]?.dequeueCount).toBeLessThan(5)
})
