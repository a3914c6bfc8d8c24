import type { Random } from '../simulation/random.ts'

const rows = 60

/**
 * A small real training set: two numbers that say whether somebody buys, by a rule of its own with some noise, so that each
 * drop makes another model. Every row names the drop (`tag`), in a column that the experiment does not take.
 */
export function makeCsv(random: Random, tag: string): string {
  const slope = random.between(-1, 1)
  const offset = random.between(-0.3, 0.3)
  const lines = Array.from({ length: rows }, (_none, at) => {
    const [visits, minutes] = [random.between(-1, 1), random.between(-1, 1)]
    const buys = at < 2 ? at === 0 : minutes > slope * visits + offset + random.between(-0.2, 0.2)
    return `${visits.toFixed(4)},${minutes.toFixed(4)},${buys ? 'yes' : 'no'},${tag}\n`
  })
  return `visits,minutes,bought,drop\n${lines.join('')}`
}
