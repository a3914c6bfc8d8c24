import { expect, test } from 'vitest'
import { type Canned, startApi } from './apiServer.ts'
import { runLine } from './runLine.ts'

type Answers = Readonly<Record<string, Canned>>

async function retrain(line: string[], answers: Answers) {
  const { url, asked } = await startApi(
    ({ method, path }) => answers[`${method} ${path.split('?')[0]}`] ?? { status: 404 },
  )
  const ended = await runLine(line, { env: { RETRAIN_URL: url, RETRAIN_KEY: 'k' } })
  return { ...ended, asked }
}

const model = 'customers/contoso/models/census'
const why = ['--reason', 'a drill', '--yes']

test.each<[line: string, answers: Answers, says: string]>([
  [
    'rollback contoso census',
    { [`POST ${model}/rollback`]: { body: { outcome: 'begun', from: 3, to: 2 } } },
    'contoso/census goes back from generation 3 to 2 and is pinned: live once it is checked',
  ],
  [
    'rollback contoso census --to 2',
    { [`POST ${model}/rollback`]: { body: { outcome: 'unchanged', to: 2 } } },
    'contoso/census pinned to generation 2 already',
  ],
  [
    'unpin contoso census',
    { [`POST ${model}/unpin`]: { body: { outcome: 'unpinned' } } },
    'contoso/census unpinned: the next generation may go live',
  ],
  [
    'cancel contoso census',
    {
      [`GET ${model}`]: { body: { head: { inFlight: 7, awaiting: [5] } } },
      [`POST ${model}/runs/7/cancel`]: { body: { outcome: 'stopping' } },
    },
    'generation 7 of contoso/census: its job is told to stop',
  ],
  [
    'retrain contoso census --again',
    { [`POST ${model}/retrain`]: { status: 202, body: { generation: 8, after: 7 } } },
    'contoso/census opens generation 8, after generation 7',
  ],
  [
    'release contoso census',
    { [`POST ${model}/release`]: { body: { outcome: 'unchanged' } } },
    'contoso/census is not quarantined',
  ],
  [
    'pause contoso',
    { 'POST customers/contoso/pause': { body: { outcome: 'changed' } } },
    'contoso paused: drops wait',
  ],
  [
    'fleet resume',
    { 'POST fleet/resume': { body: { outcome: 'changed' } } },
    'the fleet resumed: what waits starts',
  ],
])('%s', async (line, answers, says) => {
  const ended = await retrain([...line.split(' '), ...why], answers)
  expect(ended).toMatchObject({ stdout: `${says}\n`, stderr: '', exitCode: 0 })
  expect(ended.asked.at(-1)?.headers).toMatchObject({ 'x-retrain-reason': 'a drill' })
})

test.each([
  ['none is under way', {}, 4],
  ['several wait for an approval, 4, 5; say which', { awaiting: [4, 5] }, 2],
])('cancel says that %s', async (says, head, exitCode) => {
  const ended = await retrain(['cancel', 'contoso', 'census', ...why], {
    [`GET ${model}`]: { body: { head } },
  })
  expect(ended).toMatchObject({ exitCode, stdout: '' })
  expect(ended.stderr).toContain(says)
})

const plan = {
  items: [
    {
      customerId: 'contoso',
      model: 'census',
      from: 3,
      to: 2,
      trainingService: 's',
      trainedAt: '2026-03-01T10:00:00Z',
    },
    { customerId: 'fabrikam', model: 'census', from: 5, to: 4, trainingService: 's' },
    { customerId: 'late', model: 'census', from: 1, trainingService: 's', skipped: 'no earlier generation' },
  ],
}
const between = ['fleet', 'rollback', '--trained-between', '2026-03-01', '2026-03-03T12:00:00Z']

test('fleet rollback shows the plan, then does it, and says what failed', async () => {
  const answers = {
    'GET fleet/rollback': { body: plan },
    [`POST ${model}/rollback`]: { body: { outcome: 'begun', from: 3, to: 2 } },
    'POST customers/fabrikam/models/census/rollback': {
      status: 409,
      body: { code: 'refused', detail: 'Cannot roll back fabrikam/census: it is training' },
    },
  }
  const ended = await retrain([...between, ...why], answers)
  expect(ended.exitCode).toBe(1)
  expect(ended.stdout).toContain('skipped: no earlier generation')
  expect(ended.stdout).toContain('fabrikam/census: Cannot roll back fabrikam/census: it is training')
  expect(ended.stdout).toContain('1 models go back and are pinned, 1 failed')
  expect(Object.fromEntries(new URLSearchParams(ended.asked[0]?.path.split('?')[1]))).toMatchObject({
    trainedFrom: '2026-03-01T00:00:00.000Z',
    trainedBefore: '2026-03-03T12:00:00.000Z',
  })
})

test('with --plan nothing is changed', async () => {
  const { asked, exitCode } = await retrain([...between, '--plan'], { 'GET fleet/rollback': { body: plan } })
  expect([exitCode, asked.map(({ method }) => method)]).toEqual([0, ['GET']])
})

test.each([
  ['fleet rollback', 'say which models'],
  ['fleet rollback --trained-between 2026-03-01', 'takes two instants'],
  ['fleet rollback --trained-between yesterday today', 'It is a date'],
  ['fleet rollback --trained-between 2026-03-03 2026-03-01', 'is not after the first'],
  ['backfill', 'say --since when'],
  ['backfill --since 1', 'It is a date'],
])('%s is refused', async (line, says) => {
  const ended = await retrain([...line.split(' '), ...why], {})
  expect(ended).toMatchObject({ exitCode: 2, asked: [], stdout: '' })
  expect(ended.stderr).toContain(says)
})

test('backfill walks the models that are meant, page after page, and sums up', async () => {
  let calls = 0
  const { url, asked } = await startApi(({ method, path }) => {
    if (method === 'GET')
      return {
        body: {
          items: [
            { customerId: 'contoso', model: 'census' },
            { customerId: 'other', model: 'm' },
          ],
        },
      }
    calls++
    if (path !== `${model}/backfill`) return { status: 404 }
    const done = { customerId: 'contoso', model: 'census', found: 2, accepted: 1 }
    return { body: calls === 1 ? { ...done, next: 'n' } : { ...done, outcome: 'started', generation: 4 } }
  })
  const line = ['backfill', '--since', '2026-01-01', '--customers', 'con*', '--per-minute', '6000', ...why]
  const ended = await runLine(line, { env: { RETRAIN_URL: url, RETRAIN_KEY: 'k' } })
  const says = '1 models: 4 files since, 2 newly accepted; 1 started, 0 held, 0 failed\n'
  expect(ended).toMatchObject({ exitCode: 0, stdout: says })
  expect(asked).toHaveLength(3)
})
