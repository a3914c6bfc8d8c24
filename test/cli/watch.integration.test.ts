import { expect, test } from 'vitest'
import { noteChanges, type Seen, type Watched } from '../../cli/watch/changes.ts'
import { screenLines } from '../../cli/watch/view.ts'
import { type Canned, startApi } from './apiServer.ts'
import { runLine } from './runLine.ts'

const at = '2026-11-21T13:00:00.000Z'
type RunState = NonNullable<Watched['newest']>['state']
const model = (state: Watched['state'], generation?: number, run?: RunState, reason?: string): Watched => ({
  customerId: 'contoso',
  model: 'census',
  state,
  ...(generation !== undefined && {
    newest: { generation, state: run ?? 'live', updatedAt: at, ...(reason !== undefined && { reason }) },
  }),
})

const steps: [what: string, before: Watched, now: Watched, told: string[]][] = [
  ['nothing', model('live', 1), model('live', 1), []],
  ['a new generation', model('live', 1), model('training', 2, 'queued'), ['2 queued']],
  ['its steps', model('training', 2, 'queued'), model('training', 2, 'training'), ['2 training']],
  ['its end', model('training', 2, 'training'), model('failed', 2, 'failed', 'no column'), ['2 failed']],
  ['a pause', model('live', 1), model('paused', 1), ['paused']],
  ['its end', model('paused', 1), model('live', 1), ['resumed']],
  [
    'a quarantine with the last failure',
    model('live', 1),
    model('quarantined', 2, 'failed'),
    ['2 failed', 'quarantined'],
  ],
]
test.each(steps)('noteChanges: %s', (_what, before, now, told) => {
  const seen: Seen = new Map()
  noteChanges(seen, [before], { isFirst: true, at })
  const changes = noteChanges(seen, [now], { isFirst: false, at })
  expect(changes.map(({ generation, state }) => [generation, state].filter(Boolean).join(' '))).toEqual(told)
})

test('a fleet that is seen first is no change, a model that comes later is', () => {
  const seen: Seen = new Map()
  expect(noteChanges(seen, [model('live', 1)], { isFirst: true, at })).toEqual([])
  const other = { ...model('training', 1, 'queued'), customerId: 'fabrikam' }
  expect(noteChanges(seen, [model('live', 1), other], { isFirst: false, at })).toHaveLength(1)
})

test('the screen holds what is under way and the last changes, no more lines than the terminal has', () => {
  const models = Array.from({ length: 100 }, (_, index) => ({
    ...model('training', 1, 'training'),
    customerId: `c${index}`,
  }))
  const changes = models.map(({ customerId }) => ({ at, customerId, model: 'census', state: 'live' }))
  const lines = screenLines(models, changes, { height: 20, nowMs: Date.parse(at) })
  expect(lines.length).toBeLessThanOrEqual(20)
  expect(lines[0]).toEqual(['100 models: 100 training'])
})

/** Watches an app whose list of models answers these, one after the other, then Ctrl-C. */
async function watchOver(answers: Canned[], args: string[] = []) {
  const { url } = await startApi(() => answers.shift() ?? { status: 500 })
  const interrupt = new AbortController()
  const pause = async () => {
    if (answers.length > 0) return
    interrupt.abort()
    throw new Error('interrupted')
  }
  const options = { env: { RETRAIN_URL: url }, signal: interrupt.signal, pause }
  return runLine(['watch', ...args], options)
}
const page = (...items: Watched[]): Canned => ({ body: { items } })

test('a line for each change; a restart of the app is said and survived', async () => {
  const ended = await watchOver([
    page(model('live', 1)),
    page(model('training', 2, 'training')),
    { status: 503 },
    { status: 502 },
    page(model('live', 2)),
  ])
  expect(ended).toMatchObject({ exitCode: 0 })
  expect(ended.stdout).toBe(
    [
      '2026-11-21 13:00:00Z  contoso/census                generation 2  training\n',
      '2026-11-21 13:00:00Z  contoso/census                generation 2  live\n',
    ].join(''),
  )
  expect(ended.stderr).toMatch(
    /^Cannot use the app at \S+ it is not ready \(503\)[^\n]*; waiting for it\nthe app answers again\n$/,
  )
})

test('with --json a change is one object', async () => {
  const ended = await watchOver([page(), page(model('failed', 1, 'failed', 'no column'))], ['--json'])
  expect(JSON.parse(ended.stdout)).toEqual({
    at,
    customerId: 'contoso',
    model: 'census',
    generation: 1,
    state: 'failed',
    reason: 'no column',
  })
})

test('an app that does not answer at first, and a key that is refused later, end it', async () => {
  expect(await watchOver([{ status: 503 }])).toMatchObject({ exitCode: 5, stdout: '' })
  expect(await watchOver([page(), { status: 401 }, page()])).toMatchObject({ exitCode: 5 })
})
