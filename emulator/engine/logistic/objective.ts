import type { Design } from './design.ts'

/** Log loss over all rows plus l2/2 times the squared weights (the bias is free), and its gradient. */
export type Objective = {
  size: number
  /** Writes the gradient at `weights` and returns the value. */
  evaluate(weights: Float64Array, gradient: Float64Array): number
}

export function createObjective(design: Design, target: Uint8Array, l2Weight: number): Objective {
  const margins = new Float64Array(design.rows)
  const unknown = design.weights - 1
  return {
    size: design.weights,
    evaluate(weights, gradient) {
      addMargins(design, weights, margins)
      const loss = toResiduals(margins, target)
      gradient.fill(0)
      addGradient(design, margins, gradient)
      gradient[unknown] = 0
      let penalty = 0
      for (let i = 1; i < unknown; i++) {
        const weight = weights[i] as number
        penalty += weight * weight
        gradient[i] = (gradient[i] as number) + l2Weight * weight
      }
      return loss + (l2Weight * penalty) / 2
    },
  }
}

/** Log-odds of every row. */
function addMargins(design: Design, weights: Float64Array, margins: Float64Array): void {
  const { rows, numbers, numberCount, levels, levelCount, texts } = design
  const bias = weights[0] as number
  for (let row = 0, n = 0, l = 0; row < rows; row++) {
    let margin = bias
    for (let i = 1; i <= numberCount; i++) margin += (numbers[n++] as number) * (weights[i] as number)
    for (const end = l + levelCount; l < end; l++) margin += weights[levels[l] as number] as number
    margins[row] = margin
  }
  for (const { first, column } of texts) {
    const { starts, slots, counts } = column
    for (let row = 0, at = 0; row < rows; row++) {
      const end = starts[row + 1] as number
      let sum = 0
      for (; at < end; at++)
        sum += (counts[at] as number) * (weights[first + (slots[at] as number)] as number)
      margins[row] = (margins[row] as number) + sum
    }
  }
}

/**
 * Replaces log-odds by probability minus target and returns the log loss. The loss is the logarithm of a product,
 * taken when the product grows large: one logarithm for many rows.
 */
function toResiduals(margins: Float64Array, target: Uint8Array): number {
  let loss = 0
  let product = 1
  for (let row = 0; row < margins.length; row++) {
    const margin = margins[row] as number
    const positive = target[row] as number
    const power = Math.exp(margin < 0 ? margin : -margin)
    const greater = 1 / (1 + power)
    product *= 1 + power
    if (product > 1e280) {
      loss += Math.log(product)
      product = 1
    }
    if (margin >= 0 !== (positive === 1)) loss += margin < 0 ? -margin : margin
    margins[row] = (margin < 0 ? power * greater : greater) - positive
  }
  return loss + Math.log(product)
}

function addGradient(design: Design, residuals: Float64Array, gradient: Float64Array): void {
  const { rows, numbers, numberCount, levels, levelCount, texts } = design
  let bias = 0
  for (let row = 0, n = 0, l = 0; row < rows; row++) {
    const residual = residuals[row] as number
    bias += residual
    for (let i = 1; i <= numberCount; i++) {
      gradient[i] = (gradient[i] as number) + (numbers[n++] as number) * residual
    }
    for (const end = l + levelCount; l < end; l++) {
      const index = levels[l] as number
      gradient[index] = (gradient[index] as number) + residual
    }
  }
  gradient[0] = bias
  for (const { first, column } of texts) {
    const { starts, slots, counts } = column
    for (let row = 0, at = 0; row < rows; row++) {
      const residual = residuals[row] as number
      for (const end = starts[row + 1] as number; at < end; at++) {
        const index = first + (slots[at] as number)
        gradient[index] = (gradient[index] as number) + (counts[at] as number) * residual
      }
    }
  }
}
