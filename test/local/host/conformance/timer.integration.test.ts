import { expect, test } from 'vitest'
import { startHostUnderTest } from '../hostUnderTest.ts'
import { containerNamed, unique } from '../storage.ts'
import { eventually, openWitness } from '../witness.ts'

const minute = 60_000
const hour = 60 * minute

test('a timer that missed three ticks is past due once', async () => {
  const hostId = unique('host')
  const witness = await openWitness()
  const status = containerNamed('azure-webjobs-hosts').getBlockBlobClient(
    `timers/${hostId}/Host.Functions.tick/status`,
  )
  await containerNamed('azure-webjobs-hosts').createIfNotExists()
  // Half an hour from any tick: none comes while the test runs.
  const lastTickMs = Math.floor(Date.now() / minute) * minute - hour / 2
  const at = (ms: number) => new Date(ms).toISOString()
  const stored = JSON.stringify({
    Last: at(lastTickMs - 3 * hour),
    Next: at(lastTickMs - 2 * hour),
    LastUpdated: at(lastTickMs - 3 * hour),
  })
  await status.upload(stored, stored.length)
  await startHostUnderTest({
    functions: ['tick'],
    hostId,
    environment: {
      WITNESS_URL: witness.url,
      TICK_SCHEDULE: `0 ${new Date(lastTickMs).getUTCMinutes()} * * * *`,
    },
  })
  await eventually(async () => {
    const { Next } = JSON.parse((await status.downloadToBuffer()).toString('utf8'))
    expect(Date.parse(Next)).toBeGreaterThan(Date.now())
  })
  expect(witness.told).toHaveLength(1)
  expect(witness.told[0]?.input).toMatchObject({
    isPastDue: true,
    schedule: { adjustForDST: true },
    scheduleStatus: { next: at(lastTickMs - 2 * hour).replace('Z', '+00:00') },
  })
})

test('of two hosts with one host id one fires each tick', async () => {
  const hostId = unique('host')
  const witness = await openWitness()
  const environment = { WITNESS_URL: witness.url, TICK_SCHEDULE: '* * * * * *' }
  await Promise.all([1, 2].map(() => startHostUnderTest({ functions: ['tick'], hostId, environment })))
  await eventually(() => expect(witness.told).toHaveLength(2))
  expect(new Set(witness.told.map(({ workerPid }) => workerPid)).size).toBe(1)
  expect(witness.told[0]?.input).toMatchObject({ isPastDue: false })
})

test('a retry policy of a timer is followed, and the function sees the count', async () => {
  const witness = await openWitness(() => ({ do: 'throw', value: 'no good' }))
  const host = await startHostUnderTest({ functions: ['retried'], environment: { WITNESS_URL: witness.url } })
  const started = await fetch(`${host.url}/admin/functions/retried`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  expect(started.status).toBe(202)
  await eventually(() => expect(witness.told).toHaveLength(3))
  expect(witness.told.map(({ retryCount }) => retryCount)).toEqual([0, 1, 2])
})
