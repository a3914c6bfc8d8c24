import { expect, test } from 'vitest'
import { type Canned, startApi } from './apiServer.ts'
import { runLine } from './runLine.ts'

type Answers = Readonly<Record<string, Canned>>

async function retrain(line: string[], answers: Answers) {
  const { url, asked } = await startApi(({ method, path }) => answers[`${method} ${path}`] ?? { status: 404 })
  const ended = await runLine(line, { env: { RETRAIN_URL: url, RETRAIN_KEY: 'k' } })
  return { ...ended, asked }
}

const model = 'customers/contoso/models/census'
const awaiting = (...generations: number[]): Answers => ({
  [`GET ${model}/awaiting`]: {
    body: { items: generations.map((generation) => ({ generation, verdict: '' })) },
  },
  [`POST ${model}/runs/7/approve`]: { body: { outcome: 'approved' } },
  [`POST ${model}/runs/7/reject`]: { body: { outcome: 'rejected' } },
})

test('the one that waits is approved without naming it', async () => {
  const line = ['approve', 'contoso', 'census', '--reason', 'looked at it', '--by', 'ada']
  const { stdout, exitCode, asked } = await retrain(line, awaiting(7))
  expect([stdout, exitCode]).toEqual([
    'generation 7 of contoso/census approved: it goes to the endpoint\n',
    0,
  ])
  expect(asked[1]?.headers).toMatchObject({
    'x-retrain-reason': 'looked at it',
    'x-retrain-caller': 'ada',
  })
})

test.each<[what: string, waits: number[], exitCode: number, says: string]>([
  ['none waits', [], 4, 'none waits for an approval'],
  ['several wait', [6, 7], 2, 'several wait, 6, 7; say which'],
])('%s: says so', async (_what, waits, exitCode, says) => {
  const ended = await retrain(['approve', 'contoso', 'census', '--reason', 'x'], awaiting(...waits))
  expect(ended).toMatchObject({ exitCode, stdout: '' })
  expect(ended.stderr).toContain(says)
})

test('without a reason, and without a terminal to ask on, nothing is sent', async () => {
  const ended = await retrain(['reject', 'contoso', 'census', '7'], awaiting(7))
  expect(ended).toMatchObject({ exitCode: 2, asked: [] })
  expect(ended.stderr).toBe(
    'Cannot reject generation 7 of contoso/census: it needs a reason: --reason TEXT\n',
  )
})

const changed = {
  ...{ customerId: 'contoso', model: 'census', generation: 7, state: 'live' },
  ...{ was: 'update', wouldBe: 'reject', live: 6, text: 'rejected by the gate: AUC 0.7' },
}

test('what-if walks all pages and sums up', async () => {
  const page = { gate: 'AUC >= 0.8', judged: 5, models: 2, items: [changed] }
  const line = ['gate', 'what-if', 'AUC>=.8', '--since', '2w', '--customer', 'contoso']
  const answers = {
    'POST gate/what-if': { body: { ...page, continuation: 'more' } },
    'POST gate/what-if?continuation=more': { body: page },
  }
  const { stdout, exitCode, asked } = await retrain(line, answers)
  expect(exitCode).toBe(0)
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ gate: 'AUC>=.8', sinceDays: 14, customers: ['contoso'] })
  const lines = stdout.trimEnd().split('\n')
  expect(lines).toHaveLength(4)
  expect(lines[1]).toMatch(/^contoso +census +7 +updated +reject +6 +rejected by the gate: AUC 0.7$/)
  expect(lines[3]).toBe(
    'under AUC >= 0.8: 2 of 10 runs would come out otherwise, of 1 customers (4 models looked at)',
  )
  const json = await retrain([...line, '--json'], answers)
  expect(JSON.parse(json.stdout)).toMatchObject({ judged: 10, changed: [changed, changed] })
})

test('a time that is none is a wrong argument', async () => {
  expect(await retrain(['gate', 'what-if', 'AUC > 1', '--since', 'monday'], {})).toMatchObject({
    exitCode: 2,
  })
})
