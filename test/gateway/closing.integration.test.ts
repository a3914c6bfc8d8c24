import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../setup/eventually.ts'
import { servicePath, startBackend } from './gatewayBed.ts'

const main = join(import.meta.dirname, '../../gateway/main.ts')

async function startProcess(backendUrl: string) {
  const folder = await mkdtemp(join(tmpdir(), 'closing-'))
  const args = [main, '--port', '0', '--backend', backendUrl, '--data', folder, '--json']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const { url, subscriptions } = JSON.parse(line)
  return { child, url: new URL(url), key: subscriptions[1].primaryKey as string }
}

test('SIGTERM lets an answer that is under way come to its end; its kept connection then holds nothing up', async () => {
  let finish: () => void = () => {}
  const backend = await startBackend((message, response) => {
    message.resume()
    response.write('first,')
    finish = () => response.end('last')
  })
  onTestFinished(backend.close)
  const { child, url, key } = await startProcess(backend.url)
  const call = request({
    ...{ hostname: url.hostname, port: url.port, agent: new Agent({ keepAlive: true }) },
    ...{ method: 'POST', path: `${servicePath}/execute?api-version=2.0` },
    headers: { 'Ocp-Apim-Subscription-Key': key, 'Content-Length': 0 },
  })
  call.end()
  const [answer] = await once(call, 'response')
  answer.setEncoding('utf8')
  let text = String((await once(answer, 'data'))[0])
  const sentMs = performance.now()
  child.kill('SIGTERM')
  const ended = once(child, 'exit')
  await eventually(() => expect(once(request(url).end(), 'response')).rejects.toThrow('ECONNREFUSED'))
  finish()
  for await (const part of answer) text += part
  expect([text, ...(await ended)]).toEqual(['first,last', 0, null])
  // Calls under way would get 25 seconds.
  expect(performance.now() - sentMs).toBeLessThan(20_000)
})
