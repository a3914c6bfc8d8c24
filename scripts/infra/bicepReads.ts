import type { BicepFile } from './bicepFile.ts'
import { childrenOf, everyNode, lineOf, type Node, propertiesOf } from './bicepTree.ts'
import type { BicepType, TypeFile, TypeFolder } from './bicepTypes.ts'
import { type Problem, suggestion } from './problem.ts'

/** What can be read of a value: a type's properties, or the names that a list's objects have. */
type Readable = { types: TypeFile; type: BicepType } | { names: string[] }

/** Properties that are read and that the resource (`account.properties.x`) or the loop's objects (`each.x`) do not have. */
export function readProblems(bicep: BicepFile, folder: TypeFolder): Problem[] {
  return everyNode(bicep.root).flatMap((node) => {
    const [inner, property] = node.type === 'member_expression' ? childrenOf(node) : []
    if (inner === undefined || property === undefined) return []
    const known = namesOf(readableOf(bicep, folder, inner))
    if (known === undefined || known.includes(property.text)) return []
    const text = `${inner.text} has no ${property.text}${suggestion(property.text, known)}`
    return [{ file: bicep.file, line: lineOf(property), text }]
  })
}

/** What is known of an expression: a resource, a variable of a loop, or a property of one of them. */
function readableOf(bicep: BicepFile, folder: TypeFolder, node: Node): Readable | undefined {
  if (node.type === 'identifier') return loopOf(bicep, node) ?? resourceOf(bicep, folder, node.text)
  if (node.type !== 'member_expression') return undefined
  const [inner, property] = childrenOf(node)
  const outer = inner && readableOf(bicep, folder, inner)
  if (outer === undefined || property === undefined || !('type' in outer)) return undefined
  const { types, type } = outer
  const found = type.$type === 'ObjectType' ? type.properties[property.text] : undefined
  return found && { types, type: types.get(found.type) }
}

/** A loop over resources makes a list: what is read of that is not looked at. */
function resourceOf(bicep: BicepFile, folder: TypeFolder, name: string): Readable | undefined {
  const resource = bicep.resources.find((each) => each.name === name)
  if (resource === undefined || childrenOf(resource.node).at(-1)?.type === 'for_statement') return undefined
  const types = folder.file(resource.kind)
  const type = types?.resource(resource.kind)
  return types && type && { types, type }
}

/** The objects of a variable that a loop goes through. */
function loopOf(bicep: BicepFile, { text, parent }: Node): Readable | undefined {
  for (let at = parent; at !== null; at = at.parent) {
    const [variable, source] = at.type === 'for_statement' ? childrenOf(at) : []
    if (variable?.text !== text || source === undefined) continue
    const list = bicep.variables.get(source.text)
    const objects = list === undefined ? [] : childrenOf(list)
    if (objects.length === 0 || objects.some(({ type }) => type !== 'object')) return undefined
    const names = objects.flatMap((each) => propertiesOf(each).map(({ name }) => name))
    return { names: [...new Set(names)] }
  }
  return undefined
}

function namesOf(readable: Readable | undefined): string[] | undefined {
  if (readable === undefined) return undefined
  if ('names' in readable) return readable.names
  const { type } = readable
  if (type.$type !== 'ObjectType' || type.additionalProperties !== undefined) return undefined
  return Object.keys(type.properties)
}
