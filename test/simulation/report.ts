import { bugs } from './bugs.ts'
import { simulate } from './simulate.ts'
import { missedFaults, type Tally } from './tally.ts'

/** Says what many seeds came to. */
export function report(tally: Tally, seconds: number): void {
  const { seeds, runs, steps, faults, violations } = tally
  console.log(`${whole(seeds)} seeds, ${whole(runs)} runs, ${whole(steps)} steps in ${seconds.toFixed(1)} s`)
  console.log(`${whole(steps / seconds)} steps a second, ${whole(steps / Math.max(1, seeds))} steps a seed`)
  const profiles = Object.entries(tally.profiles).map(([name, count]) => `${name} ${whole(count)}`)
  console.log(`profiles: ${profiles.join(', ')}`)
  const hours = (tally.quietAfterMs / 3_600_000).toFixed(1)
  console.log(`everything quiet at most ${hours} h (virtual) after the last fault`)
  console.log('faults:')
  const counted = Object.entries(faults).sort(([, one], [, other]) => (other ?? 0) - (one ?? 0))
  for (const [kind, count] of counted) console.log(`  ${whole(count ?? 0).padStart(12)}  ${kind}`)
  const missed = missedFaults(tally)
  if (missed.length > 0) console.log(`never: ${missed.join(', ')}`)
  console.log(
    violations.length === 0 ? 'no promise was broken' : `${violations.length} seeds broke a promise:`,
  )
  for (const { seed, profile, promise, text } of violations) {
    console.log(`  seed ${seed} (${profile}) ${promise}: ${text}`)
  }
}

function whole(count: number): string {
  return Math.round(count).toLocaleString('en')
}

/** The last line, for machines. */
export function reportJson({ seeds, runs, steps, faults, violations }: Tally): void {
  console.log(JSON.stringify({ seeds, runs, steps, faults, violations }))
}

/** Plays one seed again and prints its trace, or the last `most` lines of it. Answers whether every promise held. */
export async function showSeed(seed: number, bug: string | undefined, most?: number): Promise<boolean> {
  const outcome = await simulate(seed, { bug: bug === undefined ? undefined : bugs[bug], trace: true })
  const lines = most === undefined ? outcome.trace : outcome.trace.slice(-most)
  console.log(
    `\nseed ${seed}${lines.length < outcome.trace.length ? `, the last ${lines.length} steps` : ''}`,
  )
  for (const line of lines) console.log(line)
  const count = outcome.violations.length
  console.log(count === 0 ? 'no promise was broken' : `${count} promises broken`)
  return count === 0
}
