import { nodeModes, type TreeEnsemble } from '../model.ts'
import type { GraphNode } from './graphWriter.ts'

/** ONNX's names of node modes, by our number. */
export const modeNames = ['LEAF', 'BRANCH_LEQ', 'BRANCH_EQ'] as const

/** The trees as one TreeEnsembleRegressor; node ids count from 0 within each tree. Source: ONNX, ai.onnx.ml 3. */
export function treesNode(fit: TreeEnsemble, input: string, output: string): GraphNode {
  const { treeIds, nodeIds, rootOf } = numberNodes(fit)
  const nodes = [...fit.mode.keys()]
  const leaves = nodes.filter((node) => fit.mode[node] === nodeModes.leaf)
  const at = (values: ArrayLike<number>) => (node: number) => values[node] as number
  const childId = (children: Int32Array) => (node: number) =>
    fit.mode[node] === nodeModes.leaf ? 0 : (children[node] as number) - (rootOf[node] as number)
  const value = (node: number) => (fit.mode[node] === nodeModes.leaf ? 0 : (fit.value[node] as number))
  return {
    name: 'mlclassic/trees',
    operator: 'TreeEnsembleRegressor',
    domain: 'ai.onnx.ml',
    inputs: [input],
    outputs: [output],
    attributes: {
      n_targets: { type: 'integer', value: 1 },
      aggregate_function: { type: 'text', value: 'SUM' },
      post_transform: { type: 'text', value: 'NONE' },
      base_values: { type: 'floats', value: [fit.base] },
      nodes_treeids: { type: 'integers', value: treeIds },
      nodes_nodeids: { type: 'integers', value: nodeIds },
      nodes_modes: { type: 'texts', value: nodes.map((node) => modeNames[fit.mode[node] as 0 | 1 | 2]) },
      nodes_featureids: { type: 'integers', value: fit.feature },
      nodes_values: { type: 'floats', value: nodes.map(value) },
      nodes_truenodeids: { type: 'integers', value: nodes.map(childId(fit.yes)) },
      nodes_falsenodeids: { type: 'integers', value: nodes.map(childId(fit.no)) },
      nodes_missing_value_tracks_true: { type: 'integers', value: fit.missingYes },
      target_treeids: { type: 'integers', value: leaves.map(at(treeIds)) },
      target_nodeids: { type: 'integers', value: leaves.map(at(nodeIds)) },
      target_ids: { type: 'integers', value: leaves.map(() => 0) },
      target_weights: { type: 'floats', value: leaves.map(at(fit.value)) },
    },
  }
}

function numberNodes(fit: TreeEnsemble) {
  const treeIds = new Int32Array(fit.mode.length)
  const rootOf = new Int32Array(fit.mode.length)
  fit.roots.forEach((root, tree) => {
    const end = fit.roots[tree + 1] ?? fit.mode.length
    treeIds.fill(tree, root, end)
    rootOf.fill(root, root, end)
  })
  return { treeIds, rootOf, nodeIds: rootOf.map((root, node) => node - root) }
}
