import type { Curvature } from './curvature.ts'

/** The last steps of a quasi-Newton search, from which it knows the curvature. */
export type Memory = {
  /** Remembers the step between two points and the change of gradient along it. */
  remember(step: Float64Array, change: Float64Array): void
  /** Replaces a gradient by the inverse second derivative times it (the two-loop recursion). */
  applyInverse(vector: Float64Array): void
}

type Pair = { step: Float64Array; change: Float64Array; inverse: number }

/** `curvature` is the first guess. Source: Nocedal and Wright, Numerical Optimization, algorithm 7.4. */
export function createMemory(size: number, curvature: Curvature): Memory {
  const pairs: Pair[] = []
  let scale = 1
  return {
    remember(step, change) {
      const product = dot(step, change)
      if (!(product > 1e-14 * dot(change, change))) return
      if (pairs.length === size) pairs.shift()
      pairs.push({ step, change, inverse: 1 / product })
      const scaled = change.slice()
      curvature(scaled)
      scale = product / dot(change, scaled)
    },
    applyInverse(vector) {
      const factors = new Float64Array(pairs.length)
      for (let k = pairs.length - 1; k >= 0; k--) {
        const { step, change, inverse } = pairs[k] as Pair
        factors[k] = inverse * dot(step, vector)
        addScaled(vector, change, -(factors[k] as number))
      }
      curvature(vector)
      for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) * scale
      pairs.forEach(({ step, change, inverse }, k) => {
        addScaled(vector, step, (factors[k] as number) - inverse * dot(change, vector))
      })
    },
  }
}

/** Sum of products. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

/** Adds `factor` times `vector` to `to`, in place. */
export function addScaled(to: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + factor * (vector[i] as number)
}
