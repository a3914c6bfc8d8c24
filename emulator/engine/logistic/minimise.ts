import type { Curvature } from './curvature.ts'
import { createMemory, dot, type Memory } from './memory.ts'
import type { Objective } from './objective.ts'

const mostIterations = 1_000
const mostHalvings = 30
/** Improvement is judged over this many iterations. */
const span = 5

/** What the search is given. `l1Weight` is put on every weight but the first (the bias). */
export type Search = {
  objective: Objective
  start: Float64Array
  curvature: Curvature
  l1Weight: number
  memorySize: number
  /** It ends when the mean relative improvement over five iterations is less. */
  tolerance: number
  onProgress: (share: number) => void
}

type Point = { weights: Float64Array; gradient: Float64Array; value: number }

/**
 * Minimises the objective by L-BFGS, with l1Weight > 0 by OWL-QN, and returns the weights.
 * Source: G. Andrew, J. Gao: Scalable training of L1-regularized log-linear models (2007).
 */
export function minimise(search: Search): Float64Array {
  const memory = createMemory(search.memorySize, search.curvature)
  let point = evaluate(search, search.start)
  const values = [point.value]
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const next = step(search, memory, point)
    if (next === undefined) break
    memory.remember(difference(next.weights, point.weights), difference(next.gradient, point.gradient))
    point = next
    values.push(point.value)
    const improvement = meanImprovement(values)
    if (improvement < search.tolerance) break
    search.onProgress(Math.min(Math.max(Math.log(improvement) / Math.log(search.tolerance), 0), 1))
  }
  return point.weights
}

function meanImprovement(values: number[]): number {
  const now = values.at(-1) as number
  const before = values.at(-1 - span)
  return before === undefined ? 1 : (before - now) / span / Math.max(Math.abs(now), 1e-12)
}

function evaluate({ objective, l1Weight }: Search, weights: Float64Array): Point {
  const gradient = new Float64Array(weights.length)
  let value = objective.evaluate(weights, gradient)
  if (l1Weight > 0) {
    let sum = 0
    for (let i = 1; i < weights.length; i++) sum += Math.abs(weights[i] as number)
    value += l1Weight * sum
  }
  return { weights, gradient, value }
}

/** One step downhill; undefined where none leads down any more. */
function step(search: Search, memory: Memory, point: Point): Point | undefined {
  const slope = search.l1Weight > 0 ? pseudoGradient(point, search.l1Weight) : point.gradient
  const direction = slope.map((value) => -value)
  memory.applyInverse(direction)
  if (search.l1Weight > 0) keepSigns(direction, slope)
  if (!(dot(direction, slope) < 0)) return undefined
  let length = 1
  for (let halving = 0; halving < mostHalvings; halving++, length /= 2) {
    const weights = point.weights.map((weight, i) => weight + length * (direction[i] as number))
    if (search.l1Weight > 0) stayInOrthant(weights, point.weights, slope)
    const next = evaluate(search, weights)
    if (next.value <= point.value + 1e-4 * dot(slope, difference(weights, point.weights))) return next
  }
  return undefined
}

/** Steepest-descent slope of the value with its kinks at 0; 0 where a weight of 0 is best left there. */
function pseudoGradient({ weights, gradient }: Point, l1Weight: number): Float64Array {
  return gradient.map((slope, i) => {
    const weight = weights[i] as number
    if (i === 0) return slope
    if (weight !== 0) return slope + l1Weight * Math.sign(weight)
    return Math.sign(slope) * Math.max(Math.abs(slope) - l1Weight, 0)
  })
}

function keepSigns(direction: Float64Array, slope: Float64Array): void {
  for (let i = 1; i < direction.length; i++) {
    if ((direction[i] as number) * (slope[i] as number) >= 0) direction[i] = 0
  }
}

/** A weight that would change its sign becomes 0. */
function stayInOrthant(weights: Float64Array, before: Float64Array, slope: Float64Array): void {
  for (let i = 1; i < weights.length; i++) {
    const sign = before[i] !== 0 ? Math.sign(before[i] as number) : -Math.sign(slope[i] as number)
    if ((weights[i] as number) * sign <= 0) weights[i] = 0
  }
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - (b[i] as number))
}
