import { ModelFileError, shorten } from '../errors.ts'
import { featureWidth, type ModelInput, nodeModes, type TreeEnsemble } from '../model.ts'
import type { ReadAttribute, ReadGraph } from './graphReader.ts'
import { modeNames } from './treesNode.ts'

/**
 * Reads the TreeEnsembleRegressor. Every index must be in range and every child come after its parent in the same
 * tree, so that no walk can go round in a circle. Throws ModelFileError.
 */
export function decodeTrees(graph: ReadGraph, inputs: ModelInput[]): TreeEnsemble {
  const node = graph.nodes.get('mlclassic/trees')
  if (node === undefined) throw refuse('it has no trees')
  const attribute = (name: string): ReadAttribute => {
    const found = node.attributes.get(name)
    if (found === undefined) throw refuse(`its trees lack ${name}`)
    return found
  }
  const modes = attribute('nodes_modes').texts
  const count = modes.length
  const integers = (name: string) => sized(attribute(name).integers, count, name)
  const roots = readRoots(integers('nodes_treeids'), integers('nodes_nodeids'))
  const mode = Uint8Array.from(modes, modeNumber)
  const ends = endOfTrees(roots, count)
  const width = inputs.reduce((sum, input) => sum + featureWidth(input), 0)
  const fit: TreeEnsemble = {
    kind: 'trees',
    base: sized(attribute('base_values').floats, 1, 'base_values')[0] as number,
    roots: roots.starts,
    mode,
    feature: toIndexes(integers('nodes_featureids'), width, 'a feature'),
    value: sized(attribute('nodes_values').floats, count, 'nodes_values').slice(),
    yes: readChildren(integers('nodes_truenodeids'), mode, { roots, ends }),
    no: readChildren(integers('nodes_falsenodeids'), mode, { roots, ends }),
    missingYes: Uint8Array.from(integers('nodes_missing_value_tracks_true'), (flag) => (flag === 1 ? 1 : 0)),
  }
  readLeaves(fit, attribute('target_weights').floats)
  return fit
}

function modeNumber(name: string): number {
  const number = (modeNames as readonly string[]).indexOf(name)
  if (number < 0) throw refuse(`the node mode "${shorten(name)}" is not known`)
  return number
}

/** Where each tree starts, and for every node the first node of its tree. */
type Roots = { starts: Int32Array; rootOf: Int32Array }

function readRoots(treeIds: Float64Array, nodeIds: Float64Array): Roots {
  const starts: number[] = []
  const rootOf = new Int32Array(treeIds.length)
  for (let node = 0; node < treeIds.length; node++) {
    if (nodeIds[node] === 0) starts.push(node)
    const root = starts.at(-1) ?? 0
    if (treeIds[node] !== starts.length - 1 || nodeIds[node] !== node - root)
      throw refuse('its nodes are out of order')
    rootOf[node] = root
  }
  return { starts: Int32Array.from(starts), rootOf }
}

function endOfTrees({ starts, rootOf }: Roots, count: number): Int32Array {
  const endOf = new Map([...starts].map((start, tree) => [start, starts[tree + 1] ?? count]))
  return rootOf.map((root) => endOf.get(root) ?? count)
}

function readChildren(
  ids: Float64Array,
  mode: Uint8Array,
  trees: { roots: Roots; ends: Int32Array },
): Int32Array {
  return Int32Array.from(ids, (id, node) => {
    if (mode[node] === nodeModes.leaf) return 0
    const child = (trees.roots.rootOf[node] as number) + id
    if (child <= node || child >= (trees.ends[node] as number))
      throw refuse(`node ${node} has a child that none can be`)
    return child
  })
}

/** Leaf values stand in order of node. */
function readLeaves(fit: TreeEnsemble, weights: Float32Array): void {
  let leaf = 0
  fit.mode.forEach((mode, node) => {
    if (mode === nodeModes.leaf) fit.value[node] = weights[leaf++] ?? Number.NaN
  })
  if (leaf !== weights.length) throw refuse('it has not one value a leaf')
}

function toIndexes(values: Float64Array, limit: number, what: string): Int32Array {
  return Int32Array.from(values, (value) => {
    if (value >= limit) throw refuse(`${what} is out of range`)
    return value
  })
}

function sized<A extends Float32Array | Float64Array>(values: A, length: number, name: string): A {
  if (values.length !== length) throw refuse(`${name} has ${values.length} values in place of ${length}`)
  return values
}

function refuse(reason: string): ModelFileError {
  return new ModelFileError(`Cannot read the model file: ${reason}`)
}
