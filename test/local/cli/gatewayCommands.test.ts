import { expect, test } from 'vitest'
import { createSubscriptionStore } from '../../../gateway/subscriptions/subscriptionStore.ts'
import { createUsageRecorder } from '../../../gateway/usage/recorder.ts'
import { subscriptions, usage } from '../../../local/cli/gatewayCommands.ts'
import { parseCommand } from '../../../local/cli/parseCommand.ts'
import type { GatewayCommand } from '../../../local/cli/parseGatewayCommand.ts'
import { createMemoryTable } from '../../fakes/memoryTable.ts'

const cases: [args: string[], command: GatewayCommand][] = [
  [['subscriptions'], { kind: 'subscriptions', action: 'list', isJson: false }],
  [['subscriptions', 'list', '--json'], { kind: 'subscriptions', action: 'list', isJson: true }],
  [
    ['subscriptions', 'add', 'acme', '--product', 'Unlimited', '--endpoint-key', 'env:KEY', '--storage', 'C'],
    {
      kind: 'subscriptions',
      action: 'add',
      name: 'acme',
      product: 'Unlimited',
      endpointKey: 'env:KEY',
      storage: 'C',
      isJson: false,
    },
  ],
  [
    ['subscriptions', 'rotate', 'acme', 'secondary'],
    { kind: 'subscriptions', action: 'rotate', name: 'acme', which: 'secondary', isJson: false },
  ],
  [
    ['subscriptions', 'suspend', 'acme'],
    { kind: 'subscriptions', action: 'suspend', name: 'acme', isJson: false },
  ],
  [['usage'], { kind: 'usage', hours: 24, isJson: false }],
  [['usage', 'acme', '--hours', '1'], { kind: 'usage', name: 'acme', hours: 1, isJson: false }],
]
test.each(cases)('parseCommand: %j', (args, command) => {
  expect(parseCommand(args)).toEqual(command)
})

const refused: [args: string[], message: string][] = [
  [['subscriptions', 'add'], 'Cannot add a subscription: it takes one name'],
  [['subscriptions', 'rotate', 'acme', 'third'], 'Cannot rotate the third key'],
  [['subscriptions', 'delete', 'acme'], 'the commands are add, list, rotate, suspend and activate'],
  [['usage', '--hours', '0'], 'Cannot show usage of 0 hours'],
  [['usage', 'a', 'b'], 'it takes one subscription at most'],
]
test.each(refused)('refused in one line: %j', (args, message) => {
  expect(() => parseCommand(args)).toThrow(message)
})

function bench() {
  const [table, rows] = [createMemoryTable(), createMemoryTable()]
  const stores = { subscriptions: createSubscriptionStore(table), usage: rows }
  const run = async (...args: string[]) => {
    const command = parseCommand(['subscriptions', ...args])
    if (command.kind !== 'subscriptions') throw new Error('another command')
    return subscriptions(stores, command, () => 0)
  }
  return { stores, run }
}

test('a subscription is added, listed without its keys, rotated, suspended and activated', async () => {
  const { run } = bench()
  expect(await run('list')).toEqual(['no subscription yet: retrain subscriptions add NAME'])
  const added = JSON.parse((await run('add', 'acme', '--json'))[0] ?? '')
  expect(added).toMatchObject({ name: 'acme', product: 'starter', state: 'active' })
  const rotated = JSON.parse((await run('rotate', 'acme', '--json'))[0] ?? '')
  expect(rotated.primaryKey).toMatch(/^[0-9a-f]{32}$/)
  expect(rotated.primaryKey).not.toBe(added.primaryKey)
  expect(await run('suspend', 'acme')).toEqual(['acme is suspended'])
  expect(await run('list')).toEqual([expect.stringMatching(/^acme +starter +suspended +since 1970-01-01T/)])
  expect(await run('list', '--json')).toEqual([
    '{"name":"acme","product":"starter","state":"suspended","startsAt":"1970-01-01T00:00:00.000Z"}',
  ])
  expect(await run('activate', 'acme')).toEqual(['acme is active'])
  await expect(run('suspend', 'nobody')).rejects.toThrow(
    'Cannot make subscription nobody suspended: there is none',
  )
})

test('usage is shown by subscription and operation', async () => {
  const { stores, run } = bench()
  await run('add', 'acme')
  const recorder = createUsageRecorder(stores.usage, 'a', () => 0)
  recorder.record({
    subscription: 'acme',
    operation: 'rrs-execute',
    status: 'blocked',
    bytesIn: 0,
    bytesOut: 0,
  })
  await recorder.flush()
  const command = { kind: 'usage', hours: 1, isJson: false } as const
  expect(await usage(stores, command, 0)).toEqual([
    expect.stringMatching(/^acme +rrs-execute +1 calls, 1 blocked, 0 failed, 0 B in, 0 B out/),
  ])
  expect(await usage(stores, command, 7_200_000)).toEqual(['no calls in the last 1 hours'])
  await expect(usage(stores, { ...command, name: 'nobody' }, 0)).rejects.toThrow('there is none')
})
