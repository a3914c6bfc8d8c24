import type { LogisticWeights, ModelInput, TreeEnsemble } from '../model.ts'
import { featureWidth, nodeModes } from '../model.ts'

/** Log-odds of the positive class for a row of features (float32 exact; NaN missing, -1 an unknown level). */
export type Margin = (features: Float64Array) => number

/** Makes the function that walks the trees, or adds up the weights. */
export function createMargin(fit: TreeEnsemble | LogisticWeights, inputs: ModelInput[]): Margin {
  return fit.kind === 'trees' ? treeMargin(fit) : logisticMargin(fit, inputs)
}

/** Bits of a packed node's first number, before the feature index. */
const flags = { leaf: 1, equal: 2, missingYes: 4, bits: 3 } as const

/**
 * The trees as 16 bytes a node: flags and feature index, threshold or leaf value, where `yes` and where `no` goes on
 * (as places in these numbers). One view has the whole numbers, the other the float32 ones.
 */
function packNodes(fit: TreeEnsemble): { whole: Int32Array; real: Float32Array } {
  const whole = new Int32Array(fit.mode.length * 4)
  const real = new Float32Array(whole.buffer)
  fit.mode.forEach((mode, node) => {
    const isLeaf = mode === nodeModes.leaf ? flags.leaf : 0
    const isEqual = mode === nodeModes.equal ? flags.equal : 0
    const missing = fit.missingYes[node] === 1 ? flags.missingYes : 0
    whole[4 * node] = ((fit.feature[node] as number) << flags.bits) | isLeaf | isEqual | missing
    real[4 * node + 1] = fit.value[node] as number
    whole[4 * node + 2] = 4 * (fit.yes[node] as number)
    whole[4 * node + 3] = 4 * (fit.no[node] as number)
  })
  return { whole, real }
}

function treeMargin(fit: TreeEnsemble): Margin {
  const { whole, real } = packNodes(fit)
  const roots = fit.roots.map((root) => 4 * root)
  return (features) => {
    let sum = fit.base
    for (let tree = 0; tree < roots.length; tree++) {
      let at = roots[tree] as number
      for (let head = whole[at] as number; (head & flags.leaf) === 0; head = whole[at] as number) {
        const value = features[head >> flags.bits] as number
        const threshold = real[at + 1] as number
        const isYes =
          (head & flags.equal) === 0
            ? value <= threshold || ((head & flags.missingYes) !== 0 && Number.isNaN(value))
            : value === threshold
        at = whole[isYes ? at + 2 : at + 3] as number
      }
      sum += real[at + 1] as number
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
