import { expect, test } from 'vitest'
import { createStagingTable } from '../../../shared/adapters/stagingTable.ts'
import {
  claimStaging,
  confirmStaging,
  decideStaging,
  giveBackStaging,
  notePatch,
  type StagingClaim,
  settlePatch,
} from '../../../shared/retraining/stagingClaim.ts'
import { createMemoryTable } from '../../fakes/memoryTable.ts'
import { createVirtualClock } from '../../fakes/virtualClock.ts'

const run = { customerId: 'contoso', model: 'census', generation: 1 }
const model = { name: 'a', sha256: 'aa', baseLocation: 'https://models.example/', relativeLocation: 'a' }
const patch = { id: 'p1', name: 'a', rows: 'r', before: 'b', deadlineAtMs: 900 }
const held: StagingClaim = { ...run, owner: 'one', untilAtMs: 1_000, seen: model, patch }
const unsure = { ...held, patch: { ...patch, unsureUntilMs: 1_500 } }
const url = 'https://management.azureml.net/endpoints/staging'

const cases: [when: string, found: StagingClaim | undefined, owner: string, nowMs: number, then: object][] = [
  ['nobody ever had it', undefined, 'one', 0, { kind: 'claimed', claim: { ...run, owner: 'one' } }],
  ['another has it', held, 'two', 999, { kind: 'busy', untilMs: 1_000 }],
  ['it is its own', held, 'one', 999, { kind: 'claimed', claim: { seen: model, patch } }],
  ['it is its own, and ran out', held, 'one', 2_000, { kind: 'claimed', claim: { patch } }],
  [
    'another’s ran out',
    held,
    'two',
    1_000,
    { kind: 'claimed', claim: { patch: { deadlineAtMs: undefined } } },
  ],
  ['it was given back', { ...held, owner: '' }, 'two', 0, { kind: 'claimed', claim: { seen: model } }],
  ['a PATCH of its own is under way', unsure, 'one', 1_499, { kind: 'busy', untilMs: 1_500 }],
  ['one of another’s is', { ...unsure, owner: '' }, 'two', 0, { kind: 'busy', untilMs: 1_500 }],
  ['a PATCH under way ran out', unsure, 'one', 1_500, { kind: 'claimed', claim: { patch: { id: 'p1' } } }],
]
test.each(cases)('decideStaging: %s', (_when, found, owner, nowMs, then) => {
  expect(decideStaging(found, { ...run, owner }, nowMs)).toMatchObject(then)
})

function opened() {
  const clock = createVirtualClock()
  const ports = { ...createStagingTable(createMemoryTable()), now: clock.now }
  const claim = (owner: string) => claimStaging(ports, url, { ...run, owner })
  const claimed = async (owner: string) => {
    const taken = await claim(owner)
    if (taken.kind === 'busy') throw new Error(`${owner} has to wait`)
    return taken.claim
  }
  const row = async () => (await ports.readStaging(url))?.value
  return { clock, ports, claim, claimed, row }
}

test('it goes from run to run, by itself ten minutes after a crash', async () => {
  const { clock, ports, claim, row } = opened()
  expect(await claim('one')).toMatchObject({ kind: 'claimed' })
  expect(await claim('two')).toMatchObject({ kind: 'busy' })
  await giveBackStaging(ports, url, 'two')
  expect(await claim('two')).toMatchObject({ kind: 'busy' })
  await giveBackStaging(ports, url, 'one')
  expect(await row()).toMatchObject({ customerId: '', owner: '' })
  expect(await claim('two')).toMatchObject({ kind: 'claimed' })
  clock.advance(601)
  expect(await claim('one')).toMatchObject({ kind: 'claimed' })
  expect(await claim('two')).toMatchObject({ kind: 'busy' })
})

test('of two workers of a run one sends a PATCH, and what the other saw before counts for nothing', async () => {
  const { ports, claimed, row } = opened()
  const [first, second] = [await claimed('one'), await claimed('one')]
  const noted = { patch: { ...patch, unsureUntilMs: ports.now() + 1_000 }, seen: undefined }
  expect(await notePatch(ports, url, second, noted)).toBe(true)
  const late = { patch: { ...patch, id: 'p2', before: undefined }, seen: model }
  expect(await notePatch(ports, url, first, late)).toBe(false)
  expect((await row())?.patch).toMatchObject({ id: 'p1', before: 'b' })
  expect(await notePatch(ports, url, second, noted), 'a write whose answer got lost').toBe(true)
})

test('a PATCH under way keeps everybody out, also when the endpoint was given back, until it ended', async () => {
  const { ports, claim, claimed } = opened()
  const mine = await claimed('one')
  const noted = { ...patch, unsureUntilMs: ports.now() + 1_000 }
  await notePatch(ports, url, mine, { patch: noted, seen: undefined })
  await giveBackStaging(ports, url, 'one')
  expect(await claim('two')).toMatchObject({ kind: 'busy' })
  await settlePatch(ports, url, { ...patch, id: 'another' })
  expect(await claim('two')).toMatchObject({ kind: 'busy' })
  await settlePatch(ports, url, patch)
  expect(await claim('two')).toMatchObject({ kind: 'claimed' })
})

test('a model counts as seen only if no PATCH was sent since, and nobody else has the endpoint', async () => {
  const { ports, claimed, row } = opened()
  const mine = await claimed('one')
  const other = await claimed('one')
  await notePatch(ports, url, other, { patch, seen: undefined })
  expect(await confirmStaging(ports, url, mine, model)).toBe(false)
  expect((await row())?.seen).toBeUndefined()
  expect(await confirmStaging(ports, url, { ...other, patch }, model)).toBe(true)
  expect((await row())?.seen).toEqual(model)
  await giveBackStaging(ports, url, 'one')
  expect(await confirmStaging(ports, url, { ...other, patch }, model)).toBe(false)
})
