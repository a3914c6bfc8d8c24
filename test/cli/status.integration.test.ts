import { expect, test } from 'vitest'
import { type Asked, startApi } from './apiServer.ts'
import { runLine } from './runLine.ts'

const nowMs = Date.parse('2026-11-21T14:00:00Z')
const fleetOf = (models: number, more: object = {}) => ({
  countedAt: '2026-11-21T14:00:00.000Z',
  ...{ models, customers: models, states: { live: models, failed: 0 }, damaged: 0 },
  ...{ unclaimed: { count: 0, more: false }, deadLetters: { count: 0, more: false } },
  ...more,
})
const liveModel = (customerId: string, more: object = {}) => ({
  ...{
    customerId,
    model: 'census',
    state: 'live',
    live: { generation: 3, sinceAt: '2026-11-21T13:57:00.000Z' },
  },
  newest: { generation: 3, state: 'live', updatedAt: '2026-11-21T13:57:00.000Z' },
  ...more,
})

/** An app of so many models that answers pages of `limit`, and what it was asked. */
function appOf(models: object[], fleet: object = fleetOf(models.length)) {
  return startApi(({ path }: Asked) => {
    if (path.startsWith('fleet')) return { body: fleet }
    const query = new URLSearchParams(path.split('?')[1])
    const from = Number(query.get('continuation') ?? 0)
    const to = from + Number(query.get('limit'))
    const continuation = to < models.length ? String(to) : undefined
    return { body: { items: models.slice(from, to), continuation } }
  })
}

test('the fleet at a glance, then a line for each model', async () => {
  const failed = {
    state: 'failed',
    newest: {
      generation: 4,
      state: 'failed',
      reason: 'no column age',
      updatedAt: '2026-11-21T13:59:58.000Z',
    },
  }
  const fleet = fleetOf(2, {
    ...{ states: { live: 1, failed: 1 } },
    ...{ unclaimed: { count: 1, more: false }, deadLetters: { count: 7, more: true } },
  })
  const { url } = await appOf(
    [liveModel('contoso'), liveModel('fabrikam', { ...failed, pending: true })],
    fleet,
  )
  const { stdout, stderr, exitCode } = await runLine(['status'], { env: { RETRAIN_URL: url }, nowMs })
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(stdout.split('\n')).toEqual([
    '2 models of 2 customers: 1 live, 1 failed',
    '7 or more dead letters: retrain dead-letters',
    '1 unclaimed drop: retrain unclaimed',
    '',
    'customer  model   state   live  since      newest run        why',
    'contoso   census  live       3  3 min ago  3 live 3 min ago',
    'fabrikam  census  failed     3  3 min ago  4 failed 2 s ago  no column age; drops wait',
    '',
  ])
})

const many = Array.from({ length: 10_000 }, (_none, at) => liveModel(`c${at}`))

test('10,000 models do not flood the terminal: the first ones, and how to see more', async () => {
  const { url, asked } = await appOf(many)
  const { stdout, stderr } = await runLine(['status'], { env: { RETRAIN_URL: url }, nowMs })
  expect(stdout.split('\n')).toHaveLength(44)
  expect(stderr).toBe('these are the first 40: --limit N or --all shows more\n')
  expect(asked).toHaveLength(2)
})

test('with --json every model is a line, page after page, and nothing else', async () => {
  const { url, asked } = await appOf(many)
  const { stdout, stderr } = await runLine(['status', '--json'], { env: { RETRAIN_URL: url } })
  const lines = stdout.trimEnd().split('\n')
  expect([lines.length, stderr]).toEqual([10_000, ''])
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual(many.at(-1))
  expect(asked).toHaveLength(20)
})

test('filters go to the app; a customer that is not there ends with 3', async () => {
  const { url, asked } = await appOf([])
  const env = { RETRAIN_URL: url }
  expect(await runLine(['status', 'contoso', '--state', 'failed'], { env })).toMatchObject({ exitCode: 0 })
  expect(asked.at(-1)?.path).toMatch(/^models\?customerId=contoso&state=failed&limit=\d+$/)
  expect(await runLine(['status', 'contoso'], { env })).toMatchObject({
    exitCode: 3,
    stderr: 'Cannot show customer contoso: there is none of that name, or it has no model\n',
  })
  expect(await runLine(['status', '--state', 'lost'], { env })).toMatchObject({ exitCode: 2 })
})

test('a terminal gets colours and no line that is too wide; foreign text controls nothing', async () => {
  const evil = liveModel('contoso', {
    problem: '\u001b[2J\u0007 a row that is damaged in a way that takes a lot of words to tell',
  })
  const { url } = await appOf([evil])
  const options = { env: { RETRAIN_URL: url }, nowMs, columns: 80 }
  const coloured = await runLine(['status', 'contoso'], options)
  expect(coloured.stdout).toContain('\u001b[32mlive\u001b[0m')
  expect(coloured.stdout).not.toContain('\u001b[2J')
  const plain = await runLine(['status', 'contoso'], { ...options, env: { ...options.env, NO_COLOR: '1' } })
  expect(plain.stdout).not.toContain('\u001b')
  expect(Math.max(...plain.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
})
