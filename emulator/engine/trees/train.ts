import { MemoryExhaustedError } from '../errors.ts'
import type { TreeParameters } from '../learner.ts'
import type { ModelInput, TreeEnsemble } from '../model.ts'
import type { TrainingTable } from '../table.ts'
import { appendTree, createNodeList, toEnsemble } from './flatten.ts'
import { createGradients, updateGradients } from './gradients.ts'
import { type Growth, growTree } from './grow.ts'
import { type BinMatrix, createMatrix } from './matrix.ts'

/** Numbers in the histograms of one tree's leaves, 8 bytes each. */
const mostHistogramNumbers = 100_000_000

/**
 * Trains gradient-boosted decision trees on histograms: logistic loss, second order, leaf-wise, one level against
 * the rest for categorical columns. Deterministic. `onProgress` hears the share done, 0 to 1, after every tree.
 */
export function trainTrees(
  table: TrainingTable,
  parameters: TreeParameters,
  onProgress: (share: number) => void = () => {},
): { fit: TreeEnsemble; inputs: ModelInput[] } {
  const matrix = createMatrix(table)
  const positives = table.target.reduce((sum, target) => sum + target, 0)
  const base = Math.fround(Math.log(positives / (table.rows - positives)))
  const growth = createGrowth(matrix, table.target, parameters, Math.exp(base))
  const nodes = createNodeList()
  for (let tree = 1; tree <= parameters.numberOfTrees; tree++) {
    const { root, leaves } = growTree(growth)
    for (const { from, to, addition } of leaves) {
      updateGradients(growth.gradients, growth.order.indexes, { from, to, addition })
    }
    appendTree(nodes, root)
    onProgress(tree / parameters.numberOfTrees)
  }
  return { fit: toEnsemble(nodes, base), inputs: describeInputs(table, matrix) }
}

function createGrowth(
  matrix: BinMatrix,
  target: Uint8Array,
  parameters: TreeParameters,
  baseOdds: number,
): Growth {
  const histogramNumbers = 2 * matrix.slots * (parameters.numberOfLeaves + 1)
  if (histogramNumbers > mostHistogramNumbers) {
    throw new MemoryExhaustedError(histogramNumbers, mostHistogramNumbers)
  }
  const gradients = createGradients(target, baseOdds)
  const { unit, steps } = gradients
  return {
    matrix,
    gradients,
    parameters,
    rules: { unit, steps, minimumLeafInstances: parameters.minimumLeafInstances },
    order: { indexes: new Int32Array(matrix.rows), spare: new Int32Array(matrix.rows) },
    free: [],
  }
}

function describeInputs(table: TrainingTable, matrix: BinMatrix): ModelInput[] {
  return table.columns.map((column, i) => {
    if (column.kind === 'numeric') return { kind: 'numeric', name: column.name }
    if (column.kind === 'text') return { kind: 'text', name: column.name, hashing: column.hashing }
    const codes = matrix.levels[i] ?? new Int32Array(0)
    const levels = Array.from(codes, (code) => column.levels[code] ?? '')
    return { kind: 'categorical', name: column.name, levels }
  })
}
