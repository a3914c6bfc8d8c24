import { expect, test } from 'vitest'
import { createStagingTable } from '../../../shared/adapters/stagingTable.ts'
import { claimStaging, decideStaging, noteStaging } from '../../../shared/retraining/stagingClaim.ts'
import { createMemoryTable } from '../../fakes/memoryTable.ts'
import { createVirtualClock } from '../../fakes/virtualClock.ts'

const run = { customerId: 'contoso', model: 'census', generation: 1 }
const held = { ...run, owner: 'one', untilAtMs: 1_000, sha256: 'aa' }
const url = 'https://management.azureml.net/endpoints/staging'

test.each<[when: string, found: typeof held | undefined, owner: string, nowMs: number, then: object]>([
  ['nobody ever had it', undefined, 'one', 0, { kind: 'claimed', isNew: true }],
  ['another has it', held, 'two', 999, { kind: 'busy', untilMs: 1_000 }],
  ['it is its own', held, 'one', 999, { kind: 'claimed', isNew: false, holds: 'aa' }],
  ['it is its own, and ran out', held, 'one', 2_000, { kind: 'claimed', isNew: false }],
  ['another’s ran out', held, 'two', 1_000, { kind: 'claimed', isNew: true, holds: 'aa' }],
  ['it was given back', { ...held, owner: '' }, 'two', 0, { kind: 'claimed', isNew: true, holds: 'aa' }],
])('decideStaging: %s', (_when, found, owner, nowMs, then) => {
  expect(decideStaging(found, owner, nowMs)).toMatchObject(then)
})

test('it goes from run to run, by itself ten minutes after a crash', async () => {
  const clock = createVirtualClock()
  const ports = { ...createStagingTable(createMemoryTable()), now: clock.now }
  const claim = (owner: string) => claimStaging(ports, url, { ...run, owner })
  expect(await claim('one')).toMatchObject({ kind: 'claimed', isNew: true })
  expect(await claim('two')).toMatchObject({ kind: 'busy' })
  await noteStaging(ports, url, { owner: 'two', gives: 'back' })
  expect(await claim('two')).toMatchObject({ kind: 'busy' })
  await noteStaging(ports, url, { owner: 'one', sha256: 'aa', gives: 'back' })
  expect((await ports.readStaging(url))?.value).toMatchObject({ customerId: '', owner: '' })
  expect(await claim('two')).toMatchObject({ kind: 'claimed', isNew: true, holds: 'aa' })
  await noteStaging(ports, url, { owner: 'two' })
  clock.advance(601)
  expect(await claim('one')).toEqual({ kind: 'claimed', isNew: true, holds: undefined })
  expect(await claim('two')).toMatchObject({ kind: 'busy' })
})
