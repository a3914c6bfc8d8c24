import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The Python side of a benchmark: one process on one thread that fits when told to. */
export type Referee = {
  version: string
  fit(command: string): Promise<{ seconds: number; auc: number }>
  close(): void
}

/** A Python that has scikit-learn; undefined where none has. */
export function findPython(): string | undefined {
  const candidates = ['python3', '/usr/bin/python3', 'python']
  return candidates.find((python) => spawnSync(python, ['-c', 'import sklearn']).status === 0)
}

const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }

/** Starts `fit.py` with its arguments and waits until it has read the data. */
export async function startReferee(python: string, args: string[]): Promise<Referee> {
  const child = spawn(python, [join(import.meta.dirname, 'fit.py'), ...args], {
    env: { ...process.env, ...oneThread },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const line = await lines.next()
    if (line.done === true) throw new Error(`Cannot fit with scikit-learn: ${exitOf(child)}`)
    return JSON.parse(line.value)
  }
  const { sklearn } = await next()
  return {
    version: sklearn,
    fit(command) {
      child.stdin.write(`${command}\n`)
      return next()
    },
    close: () => child.stdin.end(),
  }
}

function exitOf(child: ChildProcess): string {
  return `the Python process ended with exit code ${child.exitCode ?? child.signalCode}`
}
