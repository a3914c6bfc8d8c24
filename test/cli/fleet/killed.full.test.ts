import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { choosePorts } from '../../../local/parts/choosePorts.ts'
import { startChild } from '../../../local/process/child.ts'
import { findWebService } from '../../../local/setup/emulatorApi.ts'
import { appEnvironment, copyApp } from '../../faults/app.ts'
import { childrenOf, createPart, type Part } from '../../faults/processes.ts'
import { customersOf, fleetYaml, model, predictiveService } from '../../scenario/roles.ts'
import { type ScenarioStack, startScenarioStack } from '../../scenario/scenarioStack.ts'

const root = join(import.meta.dirname, '../../..')
const count = 200
const customers = customersOf(count).map(({ id }) => ({ id, role: 'plain' as const }))

let stack: ScenarioStack
let host: Part
let url: string
let file: string
beforeAll(async () => {
  stack = await startScenarioStack()
  const { functions: port } = await choosePorts({ functions: 0 }, { print: () => {} })
  url = `http://127.0.0.1:${port}`
  host = await startHost(port)
  file = await stack.write('two-hundred.yaml', fleetYaml(stack.services, customers))
}, 120_000)
afterAll(async () => {
  await host.close('kill')
  await stack.stop()
})

/** A host of the test's own over the stack's storage: it may be killed without ending the stack. */
async function startHost(port: number): Promise<Part> {
  const app = await copyApp(root, stack.folder)
  const { connectionString } = stack.stack
  const env = appEnvironment(connectionString, join(stack.folder, 'secrets.json'))
  const part = createPart(
    'the host',
    (onSpawn) =>
      startChild({
        name: 'the host',
        file: join(root, 'local/host/main.ts'),
        args: ['--root', app, '--port', String(port), '--json'],
        env,
        logFile: join(stack.folder, 'second-host.log'),
        readyMs: 60_000,
        onSpawn,
      }),
    () => {},
  )
  await part.start()
  return part
}

type Applied = { child: ChildProcess; ended: Promise<{ code: number | null; text: string }> }

function apply(): Applied {
  const env = { ...process.env, RETRAIN_URL: url }
  const child = spawn(process.execPath, [join(root, 'cli/main.ts'), 'apply', file, '--yes'], { env })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (text += part))
  const ended = new Promise<{ code: number | null; text: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, text })),
  )
  return { child, ended }
}

/** Every endpoint of the service but the default one, by name, with its key, as the emulator says. */
async function endpointKeys(): Promise<Map<string, string>> {
  const { workspace, service } = findWebService(stack.stack.emulator, predictiveService)
  const path = `/workspaces/${workspace.id}/webservices/${service.id}/endpoints`
  const answer = await fetch(`${stack.stack.urls.emulator}${path}`, {
    headers: { authorization: `Bearer ${workspace.token}` },
  })
  const listed = (await answer.json()) as { Name: string; PrimaryKey: string }[]
  return new Map(listed.filter(({ Name }) => Name !== 'default').map((one) => [one.Name, one.PrimaryKey]))
}

const untilMade = (least: number) =>
  vi.waitFor(async () => expect((await endpointKeys()).size).toBeGreaterThanOrEqual(least), {
    interval: 25,
    timeout: 60_000,
  })

test('apply of 200 customers, killed, its app killed too, completes when it is run again', async () => {
  const first = apply()
  await untilMade(40)
  first.child.kill('SIGKILL')
  await first.ended
  expect((await endpointKeys()).size).toBeLessThan(count)

  const second = apply()
  await untilMade(110)
  const workers = childrenOf(host.pid() ?? 0)
  await host.kill()
  for (const pid of workers) killed(pid)
  expect((await endpointKeys()).size).toBeLessThan(count)
  await host.start()
  await second.ended

  expect(await apply().ended).toMatchObject({ code: 0 })
  expect(await apply().ended).toEqual({ code: 0, text: 'nothing to change\n' })

  const keys = await endpointKeys()
  expect([...keys.keys()].sort()).toEqual(customers.map(({ id }) => id))
  const secrets = JSON.parse(readFileSync(join(stack.folder, 'secrets.json'), 'utf8'))
  for (const { id } of customers) {
    const settings = await stack.stack.storage.tables.readSettings({ customerId: id, model })
    expect(secrets[settings?.endpoint.apiKey.replace('file:', '') ?? '']).toBe(keys.get(id))
  }
}, 300_000)

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended with its host.
  }
}
