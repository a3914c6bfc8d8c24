import { expect, test } from 'vitest'
import { startApi } from '../../cli/apiServer.ts'
import { runLine } from '../../cli/runLine.ts'
import { createWorld } from '../../fakes/world.ts'
import { createApiCalls } from './calls.ts'

test('the audit log of one customer leaves the others out, also those whose names begin so', async () => {
  const world = await createWorld()
  const entry = { what: 'pause', by: 'ann', reason: 'r', requestId: 'r' }
  const targets = ['customers/contoso/pause', 'customers/contoso-2/pause', 'services/training/contoso']
  for (const [beganAtMs, target] of [...targets, ...Array(20).fill('fleet/pause')].entries()) {
    await world.ports.beginAudit({ ...entry, target, beganAtMs })
  }
  const { get } = createApiCalls(world.ports)
  const first = await get('audit?customerId=contoso&limit=5')
  expect(first.body.items).toMatchObject([{ target: 'customers/contoso/pause' }])
  expect((await get('audit?customerId=nobody')).body.items).toEqual([])
  expect(await get('audit?customerId=No!')).toMatchObject({ status: 400 })
})

test('who looks at the log reads why something was refused, and names as they are', async () => {
  const refused = {
    ...{ id: '1', what: 'save training service', target: 'services/training/Census%20Model', by: 'ann' },
    ...{ reason: 'r', requestId: 'q', outcome: 'refused', detail: 'Cannot save it: no such key' },
    beganAt: '2026-01-01T00:00:00Z',
  }
  const { url, asked } = await startApi(() => ({ body: { items: [refused] } }))
  const { stdout } = await runLine(['audit', 'contoso'], { env: { RETRAIN_URL: url } })
  expect(stdout).toMatch(/services\/training\/Census Model +refused +r \(Cannot save it: no such key\)/)
  expect(asked[0]?.path).toMatch(/^audit\?customerId=contoso&limit=500$/)
})
