import { nodeModes, type TreeEnsemble } from '../model.ts'
import type { TreeNode } from './grow.ts'
import type { Split } from './split.ts'

/** Greater than every number a column can hold: what "is not missing" compares with. */
const greatest = Math.fround(3.4028234663852886e38)

/** Nodes of all trees so far, as rows of a TreeEnsemble. */
export type NodeList = {
  roots: number[]
  mode: number[]
  feature: number[]
  value: number[]
  yes: number[]
  no: number[]
  missingYes: number[]
}

export function createNodeList(): NodeList {
  return { roots: [], mode: [], feature: [], value: [], yes: [], no: [], missingYes: [] }
}

/** Appends a tree in preorder. */
export function appendTree(list: NodeList, root: TreeNode): void {
  list.roots.push(list.mode.length)
  appendNode(list, root)
}

function appendNode(list: NodeList, node: TreeNode): number {
  const { split, children } = node
  const at = list.mode.length
  const isLeaf = children === undefined || split === undefined
  list.mode.push(
    isLeaf ? nodeModes.leaf : split.feature.kind === 'level' ? nodeModes.equal : nodeModes.lessOrEqual,
  )
  list.feature.push(isLeaf ? 0 : split.feature.index)
  list.value.push(isLeaf ? node.addition : thresholdOf(split))
  list.missingYes.push(isLeaf ? 0 : Number(missingGoesYes(split, children)))
  list.yes.push(0)
  list.no.push(0)
  if (isLeaf) return at
  list.yes[at] = appendNode(list, children.yes)
  list.no[at] = appendNode(list, children.no)
  return at
}

function thresholdOf({ feature, bin }: Split): number {
  return feature.kind === 'level' ? bin : (feature.bounds[bin] ?? greatest)
}

/** Where training saw no missing numbers, they go with the greater child. */
function missingGoesYes(
  { feature, missingYes }: Split,
  { yes, no }: NonNullable<TreeNode['children']>,
): boolean {
  if (feature.kind !== 'number') return false
  return feature.hasMissing ? missingYes : yes.to - yes.from > no.to - no.from
}

/** The finished ensemble. */
export function toEnsemble(list: NodeList, base: number): TreeEnsemble {
  return {
    kind: 'trees',
    base,
    roots: Int32Array.from(list.roots),
    mode: Uint8Array.from(list.mode),
    feature: Int32Array.from(list.feature),
    value: Float32Array.from(list.value),
    yes: Int32Array.from(list.yes),
    no: Int32Array.from(list.no),
    missingYes: Uint8Array.from(list.missingYes),
  }
}
