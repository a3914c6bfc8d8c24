import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, inject, test } from 'vitest'

test('npm run emulator prints one line of JSON when it serves, and ends cleanly on SIGTERM', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emulator-'))
  const main = join(import.meta.dirname, '../../../emulator/main.ts')
  const args = ['--port', '0', '--data', folder, '--storage', inject('storage'), '--json']
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    const description = JSON.parse(line)
    expect(Object.keys(description)).toEqual(['url', 'storage', 'workspaces'])
    const services = description.workspaces[0].webServices
    expect(services.map((service: { name: string }) => service.name)).toContain(
      'Bird Strikes [predictive exp.]',
    )
    expect(Object.keys(services[0].endpoints[0])).toEqual([
      'name',
      'id',
      'primaryKey',
      'apiLocation',
      'helpLocation',
    ])
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
  } finally {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true })
  }
})
