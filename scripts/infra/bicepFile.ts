import { childrenOf, everyNode, literalText, type Node, propertiesOf } from './bicepTree.ts'

/** A resource or module of a Bicep file. `kind` is `Microsoft.X/y@version` or a module's path. */
export type Deployed = { name: string; kind: string; node: Node; body: Node | undefined; isExisting: boolean }

/** A parameter: `allowed` are the texts of `@allowed`. */
export type Parameter = {
  name: string
  node: Node
  isRequired: boolean
  isDescribed: boolean
  allowed: Node[]
}

/** What a Bicep file declares. */
export type BicepFile = {
  /** Path as it is shown in problems. */
  file: string
  root: Node
  parameters: Parameter[]
  variables: Map<string, Node>
  resources: Deployed[]
  modules: Deployed[]
  outputs: { name: string; node: Node }[]
}

/** Collects a parsed file's declarations. Pure. */
export function readDeclarations(file: string, root: Node): BicepFile {
  const top = childrenOf(root)
  const named = (type: string) => top.filter((node) => node.type === type)
  return {
    file,
    root,
    parameters: named('parameter_declaration').map(parameterOf),
    variables: new Map(named('variable_declaration').map((node) => [nameOf(node), lastOf(node)])),
    resources: named('resource_declaration').map(deployedOf),
    modules: named('module_declaration').map(deployedOf),
    outputs: named('output_declaration').map((node) => ({ name: nameOf(node), node })),
  }
}

/** The calls of a function in a file, with the texts of their arguments. */
export function callsOf({ root }: BicepFile, functionName: RegExp): { node: Node; argument: string }[] {
  return everyNode(root).flatMap((node) => {
    if (node.type !== 'call_expression' || !functionName.test(nameOf(node))) return []
    const first = childrenOf(lastOf(node))[0]
    return [{ node, argument: (first && literalText(first)) ?? '' }]
  })
}

/** The object that a declaration or a loop or a condition makes; undefined where it is no literal one. */
export function bodyOf(node: Node): Node | undefined {
  if (node.type === 'object') return node
  const last = childrenOf(node).at(-1)
  return last !== undefined && /^(object|if_statement|for_statement)$/.test(last.type)
    ? bodyOf(last)
    : undefined
}

/** A property's value in a declaration's body. */
export function propertyOf(deployed: Deployed, name: string): Node | undefined {
  return deployed.body && propertiesOf(deployed.body).find((property) => property.name === name)?.value
}

function parameterOf(node: Node): Parameter {
  const decorators = decoratorsOf(node)
  const allowed = decorators.find((each) => each.name === 'allowed')?.argument
  return {
    name: nameOf(node),
    node,
    isRequired: childrenOf(node).length < 3,
    isDescribed: decorators.some((each) => each.name === 'description'),
    allowed: allowed === undefined ? [] : childrenOf(allowed),
  }
}

/** Decorators stand before what they decorate. */
function decoratorsOf(node: Node): { name: string; argument: Node | undefined }[] {
  const before = node.previousNamedSibling
  if (before?.type !== 'decorators') return []
  return childrenOf(before).flatMap((decorator) => {
    const call = childrenOf(decorator)[0]
    return call === undefined ? [] : [{ name: nameOf(call), argument: childrenOf(lastOf(call))[0] }]
  })
}

function deployedOf(node: Node): Deployed {
  const kind = childrenOf(node).find((child) => child.type === 'string')
  return {
    name: nameOf(node),
    kind: (kind && literalText(kind)) ?? '',
    node,
    body: bodyOf(node),
    isExisting: node.children.some((child) => child?.type === 'existing'),
  }
}

/** The first identifier: what a declaration declares, what a call calls. */
function nameOf(node: Node): string {
  return childrenOf(node).find((child) => child.type === 'identifier')?.text ?? ''
}

function lastOf(node: Node): Node {
  return childrenOf(node).at(-1) ?? node
}
