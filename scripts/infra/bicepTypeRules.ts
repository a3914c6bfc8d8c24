import { type BicepFile, bodyOf, type Deployed } from './bicepFile.ts'
import { childrenOf, lineOf, literalText, type Node, propertiesOf } from './bicepTree.ts'
import type { BicepType, Property, TypeFile, TypeFolder } from './bicepTypes.ts'
import { type Problem, suggestion } from './problem.ts'

/** Where a walk is: the file it reads and the types it reads by. */
type Walk = { bicep: BicepFile; types: TypeFile }

const ofEveryResource = ['parent', 'scope', 'dependsOn']

/** Each resource's properties against its type; `unchecked` are kinds without types. */
export function typeProblems(
  bicep: BicepFile,
  folder: TypeFolder,
): { problems: Problem[]; unchecked: string[] } {
  const problems: Problem[] = []
  const unchecked: string[] = []
  for (const resource of bicep.resources) {
    const types = folder.file(resource.kind)
    const others = types === undefined ? folder.kindsLike(resource.kind) : []
    if (types !== undefined) problems.push(...checkResource({ bicep, types }, resource))
    else if (others.length === 0) unchecked.push(resource.kind)
    else problems.push(versionProblem(bicep, resource, others))
  }
  return { problems, unchecked }
}

/** Where another version is known, one that is not is taken for a mistake. */
function versionProblem({ file }: BicepFile, { kind, node }: Deployed, others: string[]): Problem {
  return { file, line: lineOf(node), text: `no types of ${kind}; there are those of ${others.join(', ')}` }
}

function found({ bicep }: Walk, node: Node, text: string): Problem[] {
  return [{ file: bicep.file, line: lineOf(node), text }]
}

function checkResource(walk: Walk, { kind, node, body, isExisting }: Deployed): Problem[] {
  const type = walk.types.resource(kind)
  if (type === undefined) {
    return found(walk, node, `no such type: ${kind}${suggestion(kind, walk.types.names)}`)
  }
  if (body === undefined) return []
  if (!isExisting) return checkValue(walk, body, type, ofEveryResource)
  return propertiesOf(body)
    .filter(({ name }) => !['name', ...ofEveryResource].includes(name))
    .flatMap(({ key, name }) => found(walk, key, `an existing resource has no ${name}`))
}

/** Checks a value; expressions whose value is not written there are left alone. */
function checkValue(walk: Walk, node: Node, type: BicepType, extra: readonly string[] = []): Problem[] {
  switch (node.type) {
    case 'object':
      return checkObject(walk, node, type, extra)
    case 'array':
    case 'for_statement':
      return checkArray(walk, node, type)
    case 'string':
    case 'number':
    case 'boolean':
      return checkScalar(walk, node, type)
    case 'ternary_expression':
      return childrenOf(node)
        .slice(1)
        .flatMap((branch) => checkValue(walk, branch, type, extra))
    case 'parenthesized_expression':
      return childrenOf(node).flatMap((inner) => checkValue(walk, inner, type, extra))
    case 'identifier':
      return checkNamed(walk, node.text, type)
    default:
      return []
  }
}

/** A variable's own value, or each value that a parameter allows. */
function checkNamed(walk: Walk, name: string, type: BicepType): Problem[] {
  const value = walk.bicep.variables.get(name)
  if (value !== undefined) return checkValue(walk, value, type)
  const allowed = walk.bicep.parameters.find((parameter) => parameter.name === name)?.allowed ?? []
  return allowed.flatMap((each) => checkValue(walk, each, type))
}

function checkArray(walk: Walk, node: Node, type: BicepType): Problem[] {
  if (type.$type === 'AnyType') return []
  if (type.$type !== 'ArrayType')
    return found(walk, node, `an array, where ${wordsOf(walk, type)} is expected`)
  const item = walk.types.get(type.itemType)
  const body = bodyOf(node)
  const items = node.type === 'array' ? childrenOf(node) : body === undefined ? [] : [body]
  return items.flatMap((each) => checkValue(walk, each, item))
}

function checkObject(walk: Walk, node: Node, type: BicepType, extra: readonly string[]): Problem[] {
  switch (type.$type) {
    case 'AnyType':
      return []
    case 'ObjectType':
      return checkProperties(walk, node, type, extra)
    case 'DiscriminatedObjectType':
      return checkDiscriminated(walk, node, type, extra)
    default:
      return found(walk, node, `an object, where ${wordsOf(walk, type)} is expected`)
  }
}

/** An object whose kind one of its properties names. */
function checkDiscriminated(
  walk: Walk,
  node: Node,
  type: Extract<BicepType, { $type: 'DiscriminatedObjectType' }>,
  extra: readonly string[],
): Problem[] {
  const { discriminator, elements, baseProperties } = type
  const by = propertiesOf(node).find(({ name }) => name === discriminator)
  if (by === undefined) return found(walk, node, `missing property: ${discriminator}`)
  const text = literalText(by.value)
  if (text === undefined) return []
  const ref = elements[text]
  if (ref === undefined) {
    const near = suggestion(text, Object.keys(elements))
    return found(walk, by.value, `${discriminator} has no value '${text}'${near}`)
  }
  const element = walk.types.get(ref)
  if (element.$type !== 'ObjectType') return []
  return checkProperties(
    walk,
    node,
    { ...element, properties: { ...baseProperties, ...element.properties } },
    extra,
  )
}

function checkProperties(
  walk: Walk,
  node: Node,
  type: Extract<BicepType, { $type: 'ObjectType' }>,
  extra: readonly string[],
): Problem[] {
  const given = propertiesOf(node)
  const wrong = given.flatMap(({ name, key, value }) => {
    const property = type.properties[name]
    if (property !== undefined) return checkProperty(walk, { name, key, value }, property)
    if (type.additionalProperties) return checkValue(walk, value, walk.types.get(type.additionalProperties))
    if (extra.includes(name)) return []
    return found(walk, key, `no such property: ${name}${suggestion(name, Object.keys(type.properties))}`)
  })
  const missing = Object.entries(type.properties)
    .filter(([, { flags }]) => (flags & 1) !== 0 && (flags & 2) === 0)
    .filter(([name]) => !given.some((each) => each.name === name))
  return [...wrong, ...missing.flatMap(([name]) => found(walk, node, `missing property: ${name}`))]
}

function checkProperty(
  walk: Walk,
  { name, key, value }: { name: string; key: Node; value: Node },
  { flags, type }: Property,
): Problem[] {
  if ((flags & 2) !== 0) return found(walk, key, `read-only property: ${name}`)
  return checkValue(walk, value, walk.types.get(type))
}

const scalars: Record<string, string> = {
  string: 'StringType',
  number: 'IntegerType',
  boolean: 'BooleanType',
}

function checkScalar(walk: Walk, node: Node, type: BicepType): Problem[] {
  if (type.$type === 'AnyType') return []
  if (type.$type === 'StringLiteralType' || type.$type === 'UnionType') {
    const text = literalText(node)
    const all = literalsOf(walk, type)
    if (all === undefined || (node.type === 'string' && text === undefined)) return []
    if (text !== undefined && all.includes(text)) return []
    return found(walk, node, `no such value: ${node.text}${suggestion(text ?? node.text, all)}`)
  }
  if (scalars[node.type] === type.$type) return []
  return found(walk, node, `${node.text}, where ${wordsOf(walk, type)} is expected`)
}

/**
 * The known values of a set of texts; undefined where any text will do. Most sets are open to what a later version of the
 * service may take; here the known ones count, since the version is pinned.
 */
function literalsOf(walk: Walk, type: BicepType): string[] | undefined {
  if (type.$type === 'StringLiteralType') return [type.value]
  if (type.$type !== 'UnionType') return undefined
  const all = type.elements.flatMap((element) => literalsOf(walk, walk.types.get(element)) ?? [])
  return all.length > 0 ? all : undefined
}

function wordsOf(walk: Walk, type: BicepType): string {
  const values = literalsOf(walk, type)
  return values === undefined ? type.$type.replace(/Type$/, '').toLowerCase() : `one of ${values.join(', ')}`
}
