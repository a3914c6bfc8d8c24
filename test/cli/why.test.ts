import { expect, test } from 'vitest'
import { startApi } from './apiServer.ts'
import { runLine } from './runLine.ts'

test('of a service’s own text why says the first line, and --json all of it', async () => {
  const sentence = 'Generation 5, the newest, failed: job failed: no label\nModule: Train Model; and on'
  const explanation = { state: 'failed', answers: { sentences: [sentence] }, waits: [] }
  const api = await startApi(() => ({ body: explanation }))
  const env = { env: { RETRAIN_URL: api.url, RETRAIN_KEY: 'k' } }
  const { stdout } = await runLine(['why', 'contoso', 'census'], env)
  expect(stdout).toContain('  Generation 5, the newest, failed: job failed: no label …\n')
  expect(stdout).not.toContain('Module')
  expect(JSON.parse((await runLine(['why', 'contoso', 'census', '--json'], env)).stdout)).toEqual(explanation)
})
