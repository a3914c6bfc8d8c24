import type { TreeParameters } from '../learner.ts'
import type { Gradients } from './gradients.ts'
import { fillHistogram, subtractHistogram } from './histogram.ts'
import type { BinMatrix } from './matrix.ts'
import { partition, type RowOrder } from './partition.ts'
import { findSplit, leafValue, type Split, type SplitRules, type Sums } from './split.ts'

/** A node of a growing tree: its rows are `order.indexes[from..to)`. A leaf has an `addition`, a parent a `split`. */
export type TreeNode = {
  from: number
  to: number
  sums: Sums
  split: Split | undefined
  histogram: Float64Array | undefined
  children: { yes: TreeNode; no: TreeNode } | undefined
  /** The leaf's addition to the log-odds, float32 exact. */
  addition: number
}

/** What all trees of a training share. */
export type Growth = {
  matrix: BinMatrix
  gradients: Gradients
  parameters: TreeParameters
  rules: SplitRules
  order: RowOrder
  /** Histograms that no node holds. */
  free: Float64Array[]
}

/** Grows one tree best-first to `numberOfLeaves` leaves and returns its leaves with their additions and its root. */
export function growTree(growth: Growth): { root: TreeNode; leaves: TreeNode[] } {
  const { numberOfLeaves, learningRate } = growth.parameters
  const root = createRoot(growth)
  const leaves = [root]
  while (leaves.length < numberOfLeaves) {
    const place = bestLeaf(leaves)
    const leaf = leaves[place]
    if (leaf?.split === undefined) break
    const { yes, no } = splitLeaf(growth, leaf, leaf.split, leaves.length + 1 < numberOfLeaves)
    leaves[place] = yes
    leaves.push(no)
  }
  for (const leaf of leaves) {
    if (leaf.histogram !== undefined) growth.free.push(leaf.histogram)
    leaf.histogram = undefined
    leaf.addition = Math.fround(learningRate * leafValue(leaf.sums, growth.rules))
  }
  return { root, leaves }
}

function bestLeaf(leaves: TreeNode[]): number {
  let best = 0
  leaves.forEach((leaf, i) => {
    if ((leaf.split?.gain ?? 0) > (leaves[best]?.split?.gain ?? 0)) best = i
  })
  return best
}

function createNode(from: number, to: number, sums: Sums): TreeNode {
  return { from, to, sums, split: undefined, histogram: undefined, children: undefined, addition: 0 }
}

function createRoot(growth: Growth): TreeNode {
  const { gradients, matrix, order, rules } = growth
  let gradient = 0
  let packed = 0
  for (let at = 0; at < gradients.pairs.length; at += 2) {
    gradient += gradients.pairs[at] as number
    packed += gradients.pairs[at + 1] as number
  }
  for (let row = 0; row < matrix.rows; row++) order.indexes[row] = row
  const root = createNode(0, matrix.rows, { gradient, packed })
  root.histogram = takeHistogram(growth)
  fillHistogram(root.histogram, matrix, gradients.pairs, { indexes: order.indexes, from: 0, to: matrix.rows })
  root.split = findSplit(root.histogram, matrix, root.sums, rules)
  return root
}

function takeHistogram(growth: Growth): Float64Array {
  return growth.free.pop() ?? new Float64Array(2 * growth.matrix.slots)
}

/** Splits a leaf; `more` says whether its children may be split in turn, so that their splits are needed. */
function splitLeaf(growth: Growth, leaf: TreeNode, split: Split, more: boolean) {
  const middle = partition(growth.order, growth.matrix, split, leaf)
  const yes = createNode(leaf.from, middle, split.yes)
  const no = createNode(middle, leaf.to, {
    gradient: leaf.sums.gradient - split.yes.gradient,
    packed: leaf.sums.packed - split.yes.packed,
  })
  leaf.children = { yes, no }
  if (more) findChildSplits(growth, leaf, yes, no)
  else if (leaf.histogram !== undefined) growth.free.push(leaf.histogram)
  leaf.histogram = undefined
  return { yes, no }
}

/** The smaller child's rows are added up, the greater's are what is left of the parent. */
function findChildSplits(growth: Growth, leaf: TreeNode, yes: TreeNode, no: TreeNode): void {
  const { matrix, gradients, order, rules, parameters } = growth
  const parent = leaf.histogram
  if (parent === undefined) return
  const [small, great] = yes.to - yes.from <= no.to - no.from ? [yes, no] : [no, yes]
  const canSplit = (node: TreeNode) => node.to - node.from >= 2 * parameters.minimumLeafInstances
  if (!canSplit(great)) {
    growth.free.push(parent)
    return
  }
  const histogram = takeHistogram(growth)
  fillHistogram(histogram, matrix, gradients.pairs, {
    indexes: order.indexes,
    from: small.from,
    to: small.to,
  })
  subtractHistogram(parent, histogram)
  great.histogram = parent
  great.split = findSplit(parent, matrix, great.sums, rules)
  if (!canSplit(small)) {
    growth.free.push(histogram)
    return
  }
  small.histogram = histogram
  small.split = findSplit(histogram, matrix, small.sums, rules)
}
