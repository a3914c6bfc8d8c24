import type { LogisticWeights, ModelInput, TreeEnsemble } from '../model.ts'
import { featureWidth } from '../model.ts'

/** Log-odds of the positive class for a row of features (float32 exact; NaN missing, -1 an unknown level). */
export type Margin = (features: Float64Array) => number

/** Makes the function that walks the trees, or adds up the weights. */
export function createMargin(fit: TreeEnsemble | LogisticWeights, inputs: ModelInput[]): Margin {
  return fit.kind === 'trees' ? treeMargin(fit) : logisticMargin(fit, inputs)
}

/**
 * A test is `low <= x <= high`: from -infinity to the threshold, or just the level's code. A leaf has `feature` -1.
 */
function treeMargin(fit: TreeEnsemble): Margin {
  const { base, roots, yes, no, missingYes } = fit
  const high = Float64Array.from(fit.value)
  const low = high.map((value, i) => (fit.mode[i] === 2 ? value : Number.NEGATIVE_INFINITY))
  const feature = fit.feature.map((index, i) => (fit.mode[i] === 0 ? -1 : index))
  return (features) => {
    let sum = base
    for (let tree = 0; tree < roots.length; tree++) {
      let node = roots[tree] as number
      for (let index = feature[node] as number; index >= 0; index = feature[node] as number) {
        const value = features[index] as number
        const isYes =
          value <= (high[node] as number)
            ? value >= (low[node] as number)
            : Number.isNaN(value) && missingYes[node] === 1
        node = (isYes ? yes[node] : no[node]) as number
      }
      sum += high[node] as number
    }
    return sum
  }
}

function logisticMargin(fit: LogisticWeights, inputs: ModelInput[]): Margin {
  const parts = fit.inputs.map((part, i) => ({ ...part, input: inputs[i] as ModelInput }))
  return (features) => {
    let sum = fit.bias
    let index = 0
    for (const { input, mean, scale, weights } of parts) {
      const value = features[index] as number
      if (input.kind === 'text') {
        for (let slot = 0; slot < weights.length; slot++) {
          sum += (features[index + slot] as number) * (weights[slot] as number)
        }
      } else if (input.kind === 'categorical') {
        if (value >= 0) sum += weights[value] as number
      } else if (!Number.isNaN(value)) sum += (value - mean) * scale * (weights[0] as number)
      index += featureWidth(input)
    }
    return sum
  }
}

/** Probability of log-odds. */
export function probabilityOf(margin: number): number {
  return 1 / (1 + Math.exp(-margin))
}
