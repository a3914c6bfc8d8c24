import type { ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startAzurite } from './azurite.ts'
import { identityOf, isAlive, type ProcessIdentity } from './state/processIdentity.ts'

/**
 * Starts the emulator's own Azurite in its data folder; answers the connection string. One that a killed emulator left
 * running on the same files is ended first. The folder has to be locked.
 */
export async function openOwnStorage(
  dataFolder: string,
  closers: (() => Promise<void> | void)[],
): Promise<string> {
  const folder = join(dataFolder, 'azurite')
  const pidFile = join(dataFolder, 'azurite.pid')
  await mkdir(folder, { recursive: true })
  await endOrphan(pidFile)
  // In a group of its own: told to end twice, by a signal to the emulator's group and by the emulator, it loses writes.
  const azurite = await startAzurite({ folder, onSpawn: (child) => recordProcess(child, pidFile) })
  closers.push(async () => {
    await azurite.stop()
    await rm(pidFile, { force: true })
  })
  return azurite.connectionString
}

function recordProcess({ pid }: ChildProcess, pidFile: string): void {
  if (pid !== undefined) writeFileSync(pidFile, JSON.stringify(identityOf(pid)))
}

/** Ends with SIGTERM what the file names, if it is still that process: killed harder, Azurite loses writes. */
async function endOrphan(pidFile: string): Promise<void> {
  const orphan = await readIdentity(pidFile)
  if (orphan === undefined || orphan.start === '' || !isAlive(orphan)) return
  process.kill(orphan.pid, 'SIGTERM')
  for (let attempt = 0; attempt < 100 && isAlive(orphan); attempt++) await wait(100)
  if (isAlive(orphan))
    throw new Error(`Cannot start storage: an earlier Azurite (process ${orphan.pid}) does not end`)
}

async function readIdentity(pidFile: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(pidFile, 'utf8')) as ProcessIdentity
  } catch {
    // None was left behind, or its file was half written: then it had not served anything yet.
    return undefined
  }
}
