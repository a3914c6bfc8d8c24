import { expect, vi } from 'vitest'
import { type Customer, customersOf, failingService, fleetYaml, model, ofRole, type Role } from './roles.ts'
import type { ScenarioStack } from './scenarioStack.ts'
import { fastRow, trainingData } from './trainingData.ts'

/** A model as `retrain status --json` shows it. */
type Line = {
  customerId: string
  state: string
  live?: { generation: number }
  newest?: { generation: number; state: string; reason?: string }
}

const until = { interval: 1_000, timeout: 400_000 }

/**
 * From an empty stack: `apply` of a fleet, drops for all, most of them live, some rejected by the gate, two waiting for an
 * approval, one rolled back and pinned, one dead letter sent again. Every step is a command line; what the endpoints answer is
 * asked of themselves.
 */
export async function playScenario(stack: ScenarioStack, count: number): Promise<void> {
  const customers = customersOf(count)
  await applyTwice(stack, customers)
  const before = await stack.score('c001', fastRow)
  await stack.fault(failingService, { kind: 'failJob', message: 'out of memory', count: 3 })
  await dropForAll(stack, customers)
  await settled(stack, customers, 'first')
  await expectAnswers(stack, customers, before)
  await rollBack(stack, customers)
  await redrive(stack, customers)
  await settled(stack, customers, 'last')
  await expectAudited(stack)
}

async function applyTwice(stack: ScenarioStack, customers: readonly Customer[]): Promise<void> {
  const file = await stack.write('fleet.yaml', fleetYaml(stack.services, customers))
  expect(await stack.retrain('apply', file, '--yes')).toMatchObject({ exitCode: 0 })
  const [again] = await stack.values('apply', file, '--yes')
  expect(again).toEqual({ plan: { training: [], predictive: [], models: [] } })
  expect(await lines(stack)).toHaveLength(customers.length)
}

async function dropForAll(stack: ScenarioStack, customers: readonly Customer[]): Promise<void> {
  const good = await stack.write('fast.csv', trainingData('fast'))
  const bad = await stack.write('nothing.csv', trainingData('nothing'))
  for (const { id, role } of customers) {
    await stack.values('drop', id, model, role === 'rejected' ? bad : good)
  }
}

type Expected = Record<Role, { state: string; live?: number }>
const first: Expected = {
  plain: { state: 'live', live: 1 },
  rolledBack: { state: 'live', live: 1 },
  rejected: { state: 'rejected' },
  waiting: { state: 'awaitingApproval' },
  deadLetter: { state: 'failed' },
}
const last: Expected = {
  ...first,
  rolledBack: { state: 'pinned', live: 1 },
  deadLetter: { state: 'live', live: 1 },
}

/** Waits until every customer is where its role brings it, as `retrain status` says. */
async function settled(
  stack: ScenarioStack,
  customers: readonly Customer[],
  when: 'first' | 'last',
): Promise<void> {
  const expected = when === 'first' ? first : last
  const wanted = customers.map(({ id, role }) => [id, expected[role].state, expected[role].live])
  await vi.waitFor(async () => {
    const found = await lines(stack)
    expect(found.map(({ customerId, state, live }) => [customerId, state, live?.generation])).toEqual(wanted)
  }, until)
  const fleet = await stack.retrain('status')
  const rejected = ofRole(customers, 'rejected').length
  expect(fleet.stdout).toContain(`${customers.length} models of ${customers.length} customers: `)
  expect(fleet.stdout).toContain(`2 awaiting approval`)
  expect(fleet.stdout).toContain(`${rejected} rejected`)
}

function lines(stack: ScenarioStack): Promise<Line[]> {
  return stack.values<Line>('status')
}

/** A new model answers where it is live; where it was rejected, waits or failed, the old one does. */
async function expectAnswers(
  stack: ScenarioStack,
  customers: readonly Customer[],
  before: number,
): Promise<void> {
  for (const role of ['rejected', 'waiting', 'deadLetter'] as const) {
    expect(await stack.score(firstOf(customers, role), fastRow)).toBe(before)
  }
  for (const role of ['plain', 'rolledBack'] as const) {
    expect(await stack.score(firstOf(customers, role), fastRow)).toBeGreaterThan(0.9)
  }
}

function firstOf(customers: readonly Customer[], role: Role): string {
  return ofRole(customers, role)[0]?.id ?? ''
}

/** A second generation that scores the other way round, and back: the old answers return. */
async function rollBack(stack: ScenarioStack, customers: readonly Customer[]): Promise<void> {
  const id = firstOf(customers, 'rolledBack')
  const slow = await stack.write('slow.csv', trainingData('slow'))
  const [dropped] = await stack.values('drop', id, model, slow, '--wait')
  expect(dropped).toMatchObject({ generation: 2, state: 'live' })
  expect(await stack.score(id, fastRow)).toBeLessThan(0.1)
  await stack.values('rollback', id, model, '--reason', 'scores the wrong way round')
  await vi.waitFor(async () => {
    const { stdout } = await stack.retrain('why', id, model)
    expect(stdout).toMatch(
      /is pinned[\s\S]*Generation 1 answers[\s\S]*pinned by .*scores the wrong way round/,
    )
  }, until)
  expect(await stack.score(id, fastRow)).toBeGreaterThan(0.9)
}

async function redrive(stack: ScenarioStack, customers: readonly Customer[]): Promise<void> {
  const id = firstOf(customers, 'deadLetter')
  expect(await stack.values('dead-letters')).toMatchObject([
    { customerId: id, generation: 1, source: 'runs', reason: expect.stringContaining('out of memory') },
  ])
  const canary = await stack.retrain(
    'dead-letters',
    'redrive',
    '--canary',
    '1',
    '--reason',
    'memory was added',
  )
  expect(canary).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('now live') })
  expect(await stack.score(id, fastRow)).toBeGreaterThan(0.5)
}

/** What was done, by whom and why, is in the audit log. */
async function expectAudited(stack: ScenarioStack): Promise<void> {
  const entries = await stack.values('audit', '--limit', '20')
  for (const [what, reason] of [
    ['roll back', 'scores the wrong way round'],
    ['redrive dead letters', 'memory was added'],
  ]) {
    expect(entries).toContainEqual(expect.objectContaining({ what, reason, outcome: 'done' }))
  }
}
