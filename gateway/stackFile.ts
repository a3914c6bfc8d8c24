import { readFileSync } from 'node:fs'

/** What a running local stack has for the gateway. */
export type LocalStack = { emulatorUrl: string; storage: string }

/** Reads `.local/stack.json`; `undefined` when no stack runs, or it is still starting. */
export function readLocalStack(file: string): LocalStack | undefined {
  try {
    const { stack, urls, connectionString } = JSON.parse(readFileSync(file, 'utf8')) ?? {}
    if (typeof urls?.emulator !== 'string' || typeof connectionString !== 'string') return undefined
    return isAlive(Number(stack?.pid)) ? { emulatorUrl: urls.emulator, storage: connectionString } : undefined
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
