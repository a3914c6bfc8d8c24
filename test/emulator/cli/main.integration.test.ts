import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { BlobServiceClient } from '@azure/storage-blob'
import { afterEach, expect, inject, test } from 'vitest'

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

test('npm run emulator prints one line of JSON when it serves, and ends cleanly on SIGTERM', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emulator-'))
  const main = join(import.meta.dirname, '../../../emulator/main.ts')
  const args = ['--port', '0', '--data', folder, '--storage', inject('storage'), '--json']
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
  children.push(child)
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
    await rm(folder, { recursive: true, maxRetries: 10 })
  }
})

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'ended with its whole group by %s, it keeps what its own storage had taken',
  async (signal) => {
    const folder = await mkdtemp(join(tmpdir(), 'emulator-'))
    const main = join(import.meta.dirname, '../../../emulator/main.ts')
    const experiments = join(folder, 'experiments')
    await mkdir(experiments)
    const start = async () => {
      const args = [main, '--port', '0', '--data', folder, '--experiments', experiments, '--json']
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
      children.push(child)
      const [line] = await once(createInterface({ input: child.stdout }), 'line')
      const storage: string = JSON.parse(line).storage
      return { child, blobs: BlobServiceClient.fromConnectionString(storage).getContainerClient('kept') }
    }
    const endGroup = async (child: ChildProcess, by: NodeJS.Signals) => {
      const ended = once(child, 'exit')
      process.kill(-(child.pid ?? Number.NaN), by)
      await ended
    }
    try {
      const first = await start()
      await first.blobs.create()
      await first.blobs.getBlockBlobClient('in.csv').upload('a,b', 3)
      await endGroup(first.child, signal)
      const second = await start()
      const kept = await second.blobs.getBlobClient('in.csv').exists()
      await endGroup(second.child, 'SIGTERM')
      expect(kept).toBe(true)
    } finally {
      await rm(folder, { recursive: true, maxRetries: 10 })
    }
  },
)
