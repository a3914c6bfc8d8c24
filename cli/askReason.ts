import { createInterface } from 'node:readline/promises'
import { UsageError } from './errors.ts'
import { harmless } from './output/text.ts'
import type { World } from './runCli.ts'

/** The reason that was given, else asked for on a terminal; throws UsageError where nobody gives one. */
export async function askReason(
  { stdin, stderr, signal }: Pick<World, 'stdin' | 'stderr' | 'signal'>,
  given: string | undefined,
  what: string,
): Promise<string> {
  if (given !== undefined && given.trim() !== '') return given
  const missing = `Cannot ${what}: it needs a reason: --reason TEXT`
  if (given !== undefined || stdin?.isTTY !== true) throw new UsageError(missing)
  const lines = createInterface({ input: stdin, output: stderr as NodeJS.WritableStream })
  try {
    const answer = await lines.question(`Why ${harmless(what)}? `, { signal })
    if (answer.trim() === '') throw new UsageError(missing)
    return answer.trim()
  } finally {
    lines.close()
  }
}
