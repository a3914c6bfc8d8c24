import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { endWith, WrongArguments } from '../scripts/commandLine.ts'

/** What every `bench/<name>.ts` exports: measures, prints, and answers with the exit code. */
export type Benchmark = { run(args: string[]): Promise<number> }

/** Files here that are none. */
const others = new Set(['main.ts', 'load.ts'])

/** `npm run bench -- <name> [arguments]`. */
async function main(): Promise<number> {
  const [name, ...args] = process.argv.slice(2)
  const names = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && !others.has(file))
  const there = names.map((file) => file.slice(0, -'.ts'.length)).join(', ')
  if (name === '--help' || name === '-h') {
    console.log(
      `npm run bench -- NAME [options]: one of ${there}\n  NAME --help says what it takes; results: bench/README.md`,
    )
    return 0
  }
  if (name === undefined) throw new WrongArguments(`Cannot run a benchmark: name one of ${there}`)
  const file = join(import.meta.dirname, `${name}.ts`)
  if (!/^[a-z][a-zA-Z]*$/.test(name) || others.has(`${name}.ts`) || !existsSync(file)) {
    throw new WrongArguments(`Cannot run the benchmark ${name}: there are ${there}`)
  }
  const benchmark: Benchmark = await import(file)
  return benchmark.run(args)
}

await endWith(main)
