import { expect, test } from 'vitest'
import { type Canned, startApi } from './apiServer.ts'
import { runLine } from './runLine.ts'

const id = (letter: string) => letter.repeat(64)
const sent = (letter: string, generation: number) => ({
  ...{ id: id(letter), source: 'runs', outcome: 'sent' },
  ...{ customerId: 'contoso', model: 'census', generation },
})

/** An app with one answer for each path. */
const appOf = (answers: Record<string, Canned | Canned[]>) =>
  startApi(({ method, path }) => {
    const found = answers[`${method} ${path.split('?')[0]}`]
    return (Array.isArray(found) ? found.shift() : found) ?? { status: 500 }
  })
const run = (generation: number, state: string) => ({ body: { generation, state, timeline: [] } })
const runs = 'GET customers/contoso/models/census/runs'

test('a canary is followed to its end: it says whether it is safe to go on', async () => {
  const { url, asked } = await appOf({
    'POST dead-letters/redrive': { body: { sent: [sent('a', 3), sent('b', 4)], continuation: 'more' } },
    'GET dead-letters': { body: { items: [{ ...sent('c', 5), reason: 'r', recordedAt: '' }] } },
    [`${runs}/3`]: [run(3, 'training'), run(3, 'live')],
    [`${runs}/4`]: run(4, 'live'),
  })
  const ended = await runLine(['dead-letters', 'redrive', '--canary', '2'], { env: { RETRAIN_URL: url } })
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' })
  expect(ended.stdout).toMatch(
    /^a{12} contoso\/census 3 sent again, now live\nb{12}[^\n]* live\nall 2 went well: safe to go on; 1 wait/,
  )
  expect(asked.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual(['{"canary":2}'])
})

test('a canary that fails again ends with 1 and says not to go on', async () => {
  const { url } = await appOf({
    'POST dead-letters/redrive': { body: { sent: [sent('a', 3)] } },
    'GET dead-letters': { body: { items: [] } },
    [`${runs}/3`]: run(3, 'failed'),
  })
  const ended = await runLine(['dead-letters', 'redrive', '--canary', '1'], { env: { RETRAIN_URL: url } })
  expect(ended).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('not safe to go on') })
})

test('--all goes on from page to page; with --json a letter a line', async () => {
  const { url, asked } = await appOf({
    'POST dead-letters/redrive': [
      { body: { sent: [sent('a', 1)], continuation: 'p2' } },
      { body: { sent: [{ ...sent('b', 2), outcome: 'refused', reason: 'it is gone' }] } },
    ],
    'GET dead-letters': { body: { items: [] } },
  })
  const ended = await runLine(['dead-letters', 'redrive', '--all', '--json'], { env: { RETRAIN_URL: url } })
  expect(ended.exitCode).toBe(1)
  expect(
    ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { generation: 1, outcome: 'sent' },
    { generation: 2, outcome: 'refused', reason: 'it is gone' },
  ])
  expect(asked.at(-1)?.path).toContain('continuation=p2')
})

test('the beginning of an id names a letter, where it is the only one', async () => {
  const listed = ['a', 'b'].map((letter) => ({ ...sent(letter, 1), reason: 'r', recordedAt: '' }))
  const { url } = await appOf({
    'GET dead-letters': { body: { items: [...listed, { ...listed[0], id: `${'a'.repeat(60)}bbbb` }] } },
    [`POST dead-letters/${id('b')}/redrive`]: { body: sent('b', 1) },
  })
  const redrive = (begin: string) =>
    runLine(['dead-letters', 'redrive', begin], { env: { RETRAIN_URL: url } })
  expect(await redrive('bbb')).toMatchObject({ exitCode: 0 })
  expect(await redrive('aaa')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('2 ids begin so'),
  })
  expect(await redrive('c')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('none of that id'),
  })
})

test('they are shown newest first, whatever order they come in', async () => {
  const letter = (name: string, recordedAt: string) => ({
    id: id(name),
    source: name,
    reason: 'r',
    recordedAt,
  })
  const items = [
    letter('a', '2026-03-01T00:00:00.000Z'),
    letter('b', '2026-03-03T00:00:00.000Z'),
    letter('c', '2026-03-02T00:00:00.000Z'),
  ]
  const { url } = await appOf({ 'GET dead-letters': { body: { items } } })
  const { stdout, stderr } = await runLine(['dead-letters', '--limit', '2'], { env: { RETRAIN_URL: url } })
  expect(stdout.match(/^[abc]{12}/gm)).toEqual(['b'.repeat(12), 'c'.repeat(12)])
  expect(stderr).toBe('these are the newest 2 of 3: --limit N or --all shows more\n')
})

test('what needs nothing any more is put aside by the beginning of its id, with a reason', async () => {
  const { url, asked } = await appOf({
    'GET dead-letters': { body: { items: [{ ...sent('a', 3), reason: 'r', recordedAt: '' }] } },
    [`POST dead-letters/${id('a')}/dismiss`]: { body: { id: id('a'), outcome: 'dismissed' } },
  })
  const dismiss = (...more: string[]) =>
    runLine(['dead-letters', 'dismiss', 'aaaa', ...more], { env: { RETRAIN_URL: url } })
  expect(await dismiss()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('needs a reason') })
  expect(await dismiss('--reason', 'a newer one is live')).toMatchObject({
    exitCode: 0,
    stdout: `${'a'.repeat(12)} put aside\n`,
  })
  expect(asked.at(-1)?.headers['x-retrain-reason']).toBe('a newer one is live')
})
