import { type BicepFile, bodyOf, type Deployed } from './bicepFile.ts'
import { childrenOf, lineOf, literalText, type Node, propertiesOf } from './bicepTree.ts'
import type { BicepType, Property, TypeFile, TypeFolder } from './bicepTypes.ts'
import { type Problem, suggestion } from './problem.ts'

/** Where a walk is: the file it reads, the types it reads by, and where it reports to. */
type Walk = { bicep: BicepFile; types: TypeFile; report(node: Node, text: string): void }

const ofEveryResource = ['parent', 'scope', 'dependsOn']

/** Each resource's properties against its type; `unchecked` are kinds without types. */
export function typeProblems(
  bicep: BicepFile,
  folder: TypeFolder,
): { problems: Problem[]; unchecked: string[] } {
  const problems: Problem[] = []
  const unchecked: string[] = []
  const report = (node: Node, text: string) => problems.push({ file: bicep.file, line: lineOf(node), text })
  for (const resource of bicep.resources) {
    const types = folder(resource.kind)
    if (types === undefined) unchecked.push(resource.kind)
    else checkResource({ bicep, types, report }, resource)
  }
  return { problems, unchecked }
}

function checkResource(walk: Walk, { kind, node, body, isExisting }: Deployed): void {
  const type = walk.types.resource(kind)
  if (type === undefined)
    return walk.report(node, `no such type: ${kind}${suggestion(kind, walk.types.names)}`)
  if (body === undefined) return
  if (isExisting) {
    const others = propertiesOf(body).filter(({ name }) => !['name', ...ofEveryResource].includes(name))
    for (const { key, name } of others) walk.report(key, `an existing resource has no ${name}`)
  } else checkValue(walk, body, type, ofEveryResource)
}

/** Checks a value; expressions whose value is not written there are left alone. */
function checkValue(walk: Walk, node: Node, type: BicepType, extra: readonly string[] = []): void {
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
      for (const branch of childrenOf(node).slice(1)) checkValue(walk, branch, type, extra)
      return
    case 'parenthesized_expression':
      for (const inner of childrenOf(node)) checkValue(walk, inner, type, extra)
      return
    case 'identifier':
      return checkNamed(walk, node.text, type)
  }
}

/** A variable's own value, or each value that a parameter allows. */
function checkNamed(walk: Walk, name: string, type: BicepType): void {
  const value = walk.bicep.variables.get(name)
  if (value !== undefined) return checkValue(walk, value, type)
  const allowed = walk.bicep.parameters.find((parameter) => parameter.name === name)?.allowed ?? []
  for (const each of allowed) checkValue(walk, each, type)
}

function checkArray(walk: Walk, node: Node, type: BicepType): void {
  if (type.$type === 'AnyType') return
  if (type.$type !== 'ArrayType')
    return walk.report(node, `an array, where ${wordsOf(walk, type)} is expected`)
  const item = walk.types.get(type.itemType)
  const body = bodyOf(node)
  const items = node.type === 'array' ? childrenOf(node) : body === undefined ? [] : [body]
  for (const each of items) checkValue(walk, each, item)
}

function checkObject(walk: Walk, node: Node, type: BicepType, extra: readonly string[]): void {
  switch (type.$type) {
    case 'AnyType':
      return
    case 'ObjectType':
      return checkProperties(walk, node, type, extra)
    case 'DiscriminatedObjectType': {
      const by = propertiesOf(node).find(({ name }) => name === type.discriminator)
      if (by === undefined) return walk.report(node, `missing property: ${type.discriminator}`)
      const text = literalText(by.value)
      const found = text === undefined ? undefined : type.elements[text]
      if (text !== undefined && found === undefined) {
        const near = suggestion(text, Object.keys(type.elements))
        return walk.report(by.value, `${type.discriminator} has no value '${text}'${near}`)
      }
      if (found === undefined) return
      const element = walk.types.get(found)
      if (element.$type !== 'ObjectType') return
      const properties = { ...type.baseProperties, ...element.properties }
      return checkProperties(walk, node, { ...element, properties }, extra)
    }
    default:
      return walk.report(node, `an object, where ${wordsOf(walk, type)} is expected`)
  }
}

function checkProperties(
  walk: Walk,
  node: Node,
  type: Extract<BicepType, { $type: 'ObjectType' }>,
  extra: readonly string[],
): void {
  const given = propertiesOf(node)
  for (const { name, key, value } of given) {
    const property = type.properties[name]
    if (property !== undefined) checkProperty(walk, { name, key, value }, property)
    else if (type.additionalProperties) checkValue(walk, value, walk.types.get(type.additionalProperties))
    else if (!extra.includes(name)) {
      walk.report(key, `no such property: ${name}${suggestion(name, Object.keys(type.properties))}`)
    }
  }
  for (const [name, { flags }] of Object.entries(type.properties)) {
    const isRequired = (flags & 1) !== 0 && (flags & 2) === 0
    if (isRequired && !given.some((each) => each.name === name))
      walk.report(node, `missing property: ${name}`)
  }
}

function checkProperty(
  walk: Walk,
  given: { name: string; key: Node; value: Node },
  property: Property,
): void {
  if ((property.flags & 2) !== 0) walk.report(given.key, `read-only property: ${given.name}`)
  else checkValue(walk, given.value, walk.types.get(property.type))
}

const scalars: Record<string, string> = {
  string: 'StringType',
  number: 'IntegerType',
  boolean: 'BooleanType',
}

function checkScalar(walk: Walk, node: Node, type: BicepType): void {
  const text = literalText(node)
  switch (type.$type) {
    case 'AnyType':
      return
    case 'StringLiteralType':
    case 'UnionType': {
      if (node.type === 'string' && text === undefined) return
      const all = literalsOf(walk, type)
      if (all === undefined || (text !== undefined && all.includes(text))) return
      return walk.report(node, `no such value: ${node.text}${suggestion(text ?? node.text, all)}`)
    }
    default:
      if (scalars[node.type] !== type.$type) {
        walk.report(node, `${node.text}, where ${wordsOf(walk, type)} is expected`)
      }
  }
}

/** The values of a closed set of texts; undefined where any text will do. */
function literalsOf(walk: Walk, type: BicepType): string[] | undefined {
  if (type.$type === 'StringLiteralType') return [type.value]
  if (type.$type !== 'UnionType') return undefined
  const all = type.elements.map((element) => literalsOf(walk, walk.types.get(element)))
  return all.every((each) => each !== undefined) ? all.flat() : undefined
}

function wordsOf(walk: Walk, type: BicepType): string {
  const values = literalsOf(walk, type)
  return values === undefined ? type.$type.replace(/Type$/, '').toLowerCase() : `one of ${values.join(', ')}`
}
