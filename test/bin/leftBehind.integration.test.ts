import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test, vi } from 'vitest'
import { isRunning, markOf, type ProcessMark, readProcess } from '../../local/process/processTable.ts'
import { patience } from '../setup/patience.ts'
import { temporaryFolder } from '../setup/temporaryFolder.ts'

const root = join(import.meta.dirname, '../..')

/** Runs a script of package.json as a user does; answers npm's process once the script has printed its line of JSON. */
async function npmRun(script: string, args: string[]): Promise<{ npm: ChildProcess; url: string }> {
  const npm = spawn('npm', ['run', '--silent', script, '--', ...args, '--port', '0', '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void npm.kill('SIGKILL'))
  for await (const line of createInterface({ input: npm.stdout })) {
    if (line.startsWith('{')) return { npm, url: JSON.parse(line).url }
  }
  throw new Error(`Cannot run ${script}: it ended before it was ready`)
}

const dataFolder = () => temporaryFolder('retrain-left')

/** The processes above `pid`, up to npm. */
function launchersOf(pid: number, npm: ChildProcess): ProcessMark[] {
  const above = readProcess(pid)?.parentPid ?? 0
  return above <= 1 || above === npm.pid ? [] : [markOf(above), ...launchersOf(above, npm)]
}

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'npm run emulator: when npm ends by %s, so do the launcher, the emulator and its storage',
  async (signal) => {
    const folder = dataFolder()
    const { npm } = await npmRun('emulator', ['--data', folder])
    const pidIn = (file: string): number => JSON.parse(readFileSync(join(folder, file), 'utf8')).pid
    const emulator = pidIn('lock')
    const started = [markOf(emulator), markOf(pidIn('azurite.pid')), ...launchersOf(emulator, npm)]
    expect(started.length).toBeGreaterThan(2)
    npm.kill(signal)
    if (npm.exitCode === null && npm.signalCode === null) await once(npm, 'exit')
    await vi.waitFor(() => expect(started.filter((mark) => isRunning(mark))).toEqual([]), patience)
  },
)

test('npm run gateway ends with its npm', async () => {
  const { npm, url } = await npmRun('gateway', ['--backend', 'http://127.0.0.1:9', '--data', dataFolder()])
  expect((await fetch(`${url}/try-it/`)).status).toBe(200)
  npm.kill('SIGTERM')
  await vi.waitFor(() => expect(fetch(`${url}/try-it/`)).rejects.toThrow('fetch failed'), patience)
})
