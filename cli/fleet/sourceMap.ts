import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml'

/** A place in a text; both from 1 on. */
export type Place = { line: number; column: number }

type Path = readonly PropertyKey[]

/** Where the part of a document at a path stands, or the nearest one around it: a key for a collection, else the value. */
export function placeOf(document: Document.Parsed, lines: LineCounter, path: Path): Place {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const [depth, part] of path.entries()) {
    const step = stepInto(resolved(document, node), part)
    if (step === undefined) break
    node = step.value
    const isLast = depth === path.length - 1
    offset = (isLast && isScalar(node) ? startOf(node) : undefined) ?? step.at ?? offset
  }
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

/** Where the key of a map at a path stands. */
export function keyPlaceOf(document: Document.Parsed, lines: LineCounter, path: Path): Place {
  const parent = path.slice(0, -1)
  let node: unknown = document.contents
  for (const part of parent) node = stepInto(resolved(document, node), part)?.value
  const at = stepInto(resolved(document, node), path.at(-1) ?? '')?.at
  if (at === undefined) return placeOf(document, lines, parent)
  const { line, col } = lines.linePos(at)
  return { line, column: col }
}

function stepInto(node: unknown, part: PropertyKey): { value: unknown; at: number | undefined } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(part))
    return pair && { value: pair.value, at: startOf(pair.key) }
  }
  if (!isSeq(node)) return undefined
  const value = node.items[Number(part)]
  return value === undefined ? undefined : { value, at: startOf(value) }
}

function resolved(document: Document.Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0]
}
