import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { loadBundle } from './loadBundle.ts'

const root = join(import.meta.dirname, '..')
const modules = join(root, 'node_modules')

/** One step of the check: its name and what it does; it answers whether it passed. */
type Step = { name: string; passes(): boolean | Promise<boolean> }

const steps: Step[] = [
  {
    name: 'format and lint',
    passes: () => runs('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', '.']),
  },
  { name: 'types', passes: () => runs('typescript/bin/tsc', []) },
  {
    name: 'tests',
    passes: () => runs('vitest/vitest.mjs', ['run', '--project', 'unit', '--project', 'integration']),
  },
  { name: 'build and load of the bundle', passes: () => loadBundle() },
]

/** Runs every step (`--without-tests`: all but those), also after one failed, and ends with exit code 1 if any did. */
const failed: string[] = []
for (const step of steps.filter(
  (step) => step.name !== 'tests' || !process.argv.includes('--without-tests'),
)) {
  console.log(`\n== ${step.name}`)
  if (!(await step.passes())) failed.push(step.name)
}
console.log(failed.length === 0 ? '\nall checks passed' : `\nfailed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

function runs(file: string, args: string[]): boolean {
  return (
    spawnSync(process.execPath, [join(modules, file), ...args], { cwd: root, stdio: 'inherit' }).status === 0
  )
}
