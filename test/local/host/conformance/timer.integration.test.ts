import { expect, test } from 'vitest'
import { startHostUnderTest } from '../hostUnderTest.ts'
import { containerNamed, unique } from '../storage.ts'
import { eventually, openWitness } from '../witness.ts'

const minute = 60_000
const hour = 60 * minute

/** Keeps a status of a timer as a host before would have, and answers its blob. */
async function putStatus(hostId: string, name: string, times: Record<string, string>) {
  const hosts = containerNamed('azure-webjobs-hosts')
  await hosts.createIfNotExists()
  const blob = hosts.getBlockBlobClient(`timers/${hostId}/Host.Functions.${name}/status`)
  const text = JSON.stringify(times)
  await blob.upload(text, text.length)
  return blob
}

test('a timer that missed three ticks is past due once', async () => {
  const hostId = unique('host')
  const witness = await openWitness()
  // Half an hour from any tick: none comes while the test runs.
  const lastTickMs = Math.floor(Date.now() / minute) * minute - hour / 2
  const at = (ms: number) => new Date(ms).toISOString()
  const status = await putStatus(hostId, 'tick', {
    Last: at(lastTickMs - 3 * hour),
    Next: at(lastTickMs - 2 * hour),
    LastUpdated: at(lastTickMs - 3 * hour),
  })
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
    scheduleStatus: { next: at(lastTickMs - 2 * hour).replace('.000Z', '+00:00') },
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

test('a timer run by hand sees its kept status; its retry policy is followed, and it sees the count', async () => {
  const hostId = unique('host')
  const witness = await openWitness(() => ({ do: 'throw', value: 'no good' }))
  const next = `${new Date().getUTCFullYear() + 1}-01-01T00:00:00+00:00`
  await putStatus(hostId, 'retried', { Next: next, LastUpdated: new Date().toISOString() })
  const environment = { WITNESS_URL: witness.url }
  const host = await startHostUnderTest({ functions: ['retried'], hostId, environment })
  const started = await fetch(`${host.url}/admin/functions/retried`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  expect(started.status).toBe(202)
  await eventually(() => expect(witness.told).toHaveLength(3))
  expect(witness.told.map(({ retryCount }) => retryCount)).toEqual([0, 1, 2])
  expect(witness.told[0]?.input).toMatchObject({ isPastDue: false, scheduleStatus: { next } })
})
