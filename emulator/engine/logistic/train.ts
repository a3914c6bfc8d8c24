import type { LogisticParameters } from '../learner.ts'
import type { LogisticWeights, ModelInput } from '../model.ts'
import type { TrainingTable } from '../table.ts'
import { createCurvature, diagonalCurvature } from './curvature.ts'
import { createDesign } from './design.ts'
import { minimise } from './minimise.ts'
import { createObjective } from './objective.ts'

/**
 * Trains a logistic regression: numbers brought to mean 0 and deviation 1 (missing counts as the mean), one weight a
 * level, log loss + l1 |w| + l2/2 w². Deterministic. `onProgress` hears a guess of the share done, 0 to 1.
 */
export function trainLogistic(
  table: TrainingTable,
  parameters: LogisticParameters,
  onProgress: (share: number) => void = () => {},
): { fit: LogisticWeights; inputs: ModelInput[] } {
  const design = createDesign(table)
  const objective = createObjective(design, table.target, parameters.l2Weight)
  const share = table.target.reduce((sum, target) => sum + target, 0) / table.rows
  const source = { design, variance: share * (1 - share), l2Weight: parameters.l2Weight }
  const start = new Float64Array(design.weights)
  start[0] = Math.log(share / (1 - share))
  const weights = minimise({
    objective,
    start,
    // Projected to an orthant, a step along the whole curvature loses its aim: OWL-QN does better with the diagonal.
    curvature: parameters.l1Weight > 0 ? diagonalCurvature(source) : createCurvature(source),
    l1Weight: parameters.l1Weight,
    memorySize: parameters.memorySize,
    tolerance: parameters.optimizationTolerance,
    onProgress,
  })
  onProgress(1)
  const inputs = design.blocks.map(({ first, width, mean, scale }) => ({
    mean,
    scale,
    weights: Float32Array.from(weights.subarray(first, first + width)),
  }))
  return {
    fit: { kind: 'logistic', bias: Math.fround(weights[0] as number), inputs },
    inputs: design.blocks.map((block) => block.input),
  }
}
