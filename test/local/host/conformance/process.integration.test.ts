import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { hostKind, startHostUnderTest } from '../hostUnderTest.ts'
import { base64, makeQueue, unique } from '../storage.ts'
import { eventually, type Instruction, openWitness } from '../witness.ts'

const builtInOnly = test.skipIf(hostKind === 'func')

builtInOnly(
  'after kill -9 in the middle of a run the message comes once more, and no worker is left',
  async () => {
    const queue = await makeQueue('work')
    const hostId = unique('host')
    const never = new Promise<Instruction>(() => {})
    let killedWorker: number | undefined
    const witness = await openWitness(({ workerPid }) => {
      killedWorker ??= workerPid
      return workerPid === killedWorker ? never : { do: 'return' }
    })
    const environment = { WITNESS_URL: witness.url, WORK_QUEUE: queue.name }
    const choice = { functions: ['work'], hostId, environment, ownProcess: true }
    const lease = { LOCAL_HOST_DEQUEUE_LEASE_SECONDS: '1' }
    const first = await startHostUnderTest({ ...choice, environment: { ...environment, ...lease } })
    await queue.sendMessage(base64('{"id":"1"}'))
    await eventually(() => expect(witness.told).not.toEqual([]))
    first.child?.kill('SIGKILL')
    // On a busy machine the host may have missed its short lease and run the message twice by now.
    await eventually(() => expect(witness.gone).toEqual(witness.told.map(() => killedWorker)))
    const before = witness.told.length
    await startHostUnderTest(choice)
    await eventually(async () => expect((await queue.getProperties()).approximateMessagesCount).toBe(0))
    expect(witness.told.slice(before).map(({ metadata }) => metadata.dequeueCount)).toEqual([before + 1])
  },
)

test('SIGTERM: fetches no more, lets a run end, exits with 0', async () => {
  const queue = await makeQueue('work')
  const { promise, resolve } = Promise.withResolvers<Instruction>()
  const witness = await openWitness(() => promise)
  const environment = { WITNESS_URL: witness.url, WORK_QUEUE: queue.name }
  const { child, url } = await startHostUnderTest({ functions: ['work'], environment, ownProcess: true })
  if (child === undefined) throw new Error('the host has no process of its own')
  await queue.sendMessage(base64('{"id":"1"}'))
  await eventually(() => expect(witness.told).toHaveLength(1))
  const exited = once(child, 'exit')
  // Ctrl-C in a terminal reaches the worker too.
  if (hostKind === 'builtIn') process.kill(witness.told[0]?.workerPid ?? 0, 'SIGINT')
  child.kill('SIGTERM')
  // It has heard of it when nobody answers there any more.
  await eventually(() => expect(fetch(url)).rejects.toThrow('fetch failed'))
  await queue.sendMessage(base64('{"id":"2"}'))
  await eventually(async () => expect(await visibleCount(queue)).toBe(1))
  resolve({ do: 'return' })
  expect((await exited)[0]).toBe(0)
  expect(witness.told).toHaveLength(1)
  expect((await queue.getProperties()).approximateMessagesCount).toBe(1)
})

async function visibleCount(queue: Awaited<ReturnType<typeof makeQueue>>): Promise<number> {
  return (await queue.peekMessages({ numberOfMessages: 32 })).peekedMessageItems.length
}

builtInOnly('a run that takes longer than the host waits is ended with it', async () => {
  const queue = await makeQueue('work')
  const witness = await openWitness(() => new Promise<Instruction>(() => {}))
  const environment = { WITNESS_URL: witness.url, WORK_QUEUE: queue.name, LOCAL_HOST_DRAIN_MS: '200' }
  const host = await startHostUnderTest({ functions: ['work'], environment })
  await queue.sendMessage(base64('{"id":"1"}'))
  await eventually(() => expect(witness.told).toHaveLength(1))
  await host.stop()
  await eventually(() => expect(witness.gone).toEqual([witness.told[0]?.workerPid]))
  expect(host.logs.map(({ message }) => message)).toContain(
    'Invocations still run after 0.2 s: they are ended',
  )
})

const deaths = [{ do: 'rejectUnhandled', value: 'nobody caught this' }, { do: 'exit' }] as const
test.each(deaths)(
  'a function that does $do ends the worker; its message runs again in a new one',
  async (death) => {
    const queue = await makeQueue('work')
    const witness = await openWitness(({ metadata }) =>
      metadata.dequeueCount === 1 ? death : { do: 'return' },
    )
    const environment = { WITNESS_URL: witness.url, WORK_QUEUE: queue.name }
    await startHostUnderTest({ functions: ['work'], environment })
    await queue.sendMessage(base64('{"id":"1"}'))
    await eventually(() => expect(witness.told).toHaveLength(2))
    const [first, second] = witness.told
    expect(second?.metadata.dequeueCount).toBe(2)
    expect(second?.workerPid).not.toBe(first?.workerPid)
  },
)

builtInOnly('a run longer than functionTimeout fails and its worker is replaced', async () => {
  const queue = await makeQueue('work')
  const never = new Promise<Instruction>(() => {})
  let runs = 0
  const witness = await openWitness(() => (runs++ === 0 ? never : { do: 'return' }))
  const environment = {
    WITNESS_URL: witness.url,
    WORK_QUEUE: queue.name,
    AzureFunctionsJobHost__functionTimeout: '00:00:01',
    // On a busy machine a run may be over its time before it is told of.
    AzureFunctionsJobHost__extensions__queues__maxDequeueCount: '100',
  }
  await startHostUnderTest({ functions: ['work'], environment })
  await queue.sendMessage(base64('{"id":"1"}'))
  await eventually(() => expect(witness.told.length).toBeGreaterThan(1))
  expect(witness.told[1]?.workerPid).not.toBe(witness.told[0]?.workerPid)
})

test('registering after the start throws in the function', async () => {
  const witness = await openWitness(() => ({ do: 'register' }))
  const host = await startHostUnderTest({ functions: ['ask'], environment: { WITNESS_URL: witness.url } })
  expect((await fetch(`${host.url}/api/ask`)).status).toBe(500)
  await eventually(() =>
    expect(host.logs.map(({ message }) => message).join()).toContain(
      'A function can only be registered during app startup',
    ),
  )
})

const refusals: [when: string, environment: Record<string, string>, functions: string[], message: string][] =
  [
    ['no function', {}, [], 'the app registered no function'],
    ['a throw before the first function', { THROWS_AT_LOAD: 'no such luck' }, ['echo'], 'no such luck'],
    ['a bad schedule', { TICK_SCHEDULE: 'hourly' }, ['tick'], 'function tick: schedule "hourly"'],
    [
      'a setting that is missing',
      {},
      ['work'],
      'function work: Cannot resolve queueName: there is no setting WORK_QUEUE',
    ],
    [
      'an unknown version',
      { AzureFunctionsJobHost__version: '3.0' },
      ['echo'],
      'version must be "2.0", not "3.0"',
    ],
    [
      'no storage',
      { AzureWebJobsStorage: '', TICK_SCHEDULE: '0 0 * * * *' },
      ['tick'],
      'there is no setting AzureWebJobsStorage',
    ],
  ]
builtInOnly.each(refusals)(
  'the host refuses to start with %s, and says so',
  async (_when, environment, functions, message) => {
    await expect(startHostUnderTest({ functions, environment })).rejects.toThrow(message)
  },
)

builtInOnly('an app whose main names no file is refused', async () => {
  const root = await mkdtemp(join(tmpdir(), 'host-'))
  onTestFinished(() => rm(root, { recursive: true }))
  await writeFile(join(root, 'host.json'), '{"version":"2.0"}')
  await writeFile(join(root, 'package.json'), '{"main":"dist/*.js"}')
  await expect(startHostUnderTest({ functions: [], root })).rejects.toThrow(
    'no file fits "main" of package.json',
  )
})

builtInOnly('values of local.settings.json are settings; what the environment says wins', async () => {
  const root = await mkdtemp(join(tmpdir(), 'host-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const source = `const { Module } = require('node:module')
    const core = require('@azure/functions-core')
    core.registerFunction({ name: process.env.FROM_FILE + process.env.FROM_BOTH,
      bindings: { t: { type: 'httpTrigger', direction: 'in' } } }, () => {})`
  await writeFile(join(root, 'host.json'), '{"version":"2.0"}')
  await writeFile(join(root, 'package.json'), '{"main":"main.cjs"}')
  await writeFile(join(root, 'main.cjs'), source)
  await writeFile(join(root, 'local.settings.json'), '{"Values":{"FROM_FILE":"a","FROM_BOTH":"file"}}')
  const host = await startHostUnderTest({ functions: [], root, environment: { FROM_BOTH: 'environment' } })
  expect(await (await fetch(`${host.url}/admin/functions`)).json()).toMatchObject([{ name: 'aenvironment' }])
})
