/** Chance from a seed: the same seed draws the same numbers. */
export type Random = {
  /** 0 (included) to 1 (excluded). */
  next(): number
  /** A whole number from 0 to `count - 1`. */
  below(count: number): number
  between(from: number, to: number): number
  chance(probability: number): boolean
  pick<Item>(items: readonly Item[]): Item
}

/** Source: mulberry32, a 32-bit generator in the public domain. */
export function createRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  for (let warm = 0; warm < 4; warm++) next()
  return {
    next,
    below: (count) => Math.floor(next() * count),
    between: (from, to) => from + next() * (to - from),
    chance: (probability) => probability > 0 && next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
  }
}
