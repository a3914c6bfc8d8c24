import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** What every `bench/<name>.ts` exports: measures, prints, and answers with the exit code. */
export type Benchmark = { run(args: string[]): Promise<number> }

/** `npm run bench -- <name> [arguments]`. */
const [name = '', ...args] = process.argv.slice(2)
const file = join(import.meta.dirname, `${name}.ts`)
if (!/^[a-z][a-zA-Z]*$/.test(name) || name === 'main' || !existsSync(file)) {
  console.error(`Cannot run the benchmark "${name}": there is no bench/${name}.ts`)
  process.exitCode = 2
} else {
  const benchmark: Benchmark = await import(file)
  process.exitCode = await benchmark.run(args).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    return 1
  })
}
