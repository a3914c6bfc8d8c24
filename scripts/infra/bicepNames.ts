import type { BicepFile } from './bicepFile.ts'
import { childrenOf, everyNode, lineOf, type Node } from './bicepTree.ts'
import { type Problem, suggestion } from './problem.ts'

/** Functions of the language that this deployment may use. Source: learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions. */
const functions = new Set(
  `any array bool concat contains deployment empty endsWith environment first format guid int intersection items join json last
  length listKeys loadFileAsBase64 loadJsonContent loadTextContent max min range reference resourceGroup resourceId
  replace skip split startsWith string subscription subscriptionResourceId substring take tenant toLower toUpper trim union
  uniqueString uri`.split(/\s+/),
)

/** Names that are used and not declared, and parameters and variables that are declared and not used. */
export function nameProblems(bicep: BicepFile): Problem[] {
  const { file } = bicep
  const declared = declaredNames(bicep)
  const used = everyNode(bicep.root).filter(isUse)
  const usedNames = new Set(used.map((node) => node.text))
  const unknown = used
    .filter((node) => !isKnown(node, declared))
    .map((node) => {
      const near = suggestion(node.text, isCalled(node) ? [...functions] : declared)
      return { file, line: lineOf(node), text: `not declared: ${node.text}${near}` }
    })
  const unused = [
    ...bicep.parameters.map(({ name, node }) => ({ name, node })),
    ...[...bicep.variables].map(([name, node]) => ({ name, node })),
  ].filter(({ name }) => !usedNames.has(name))
  return [
    ...unknown,
    ...unused.map(({ name, node }) => ({ file, line: lineOf(node), text: `declared and not used: ${name}` })),
  ]
}

/** Parameters without a description. */
export function descriptionProblems({ file, parameters }: BicepFile): Problem[] {
  return parameters
    .filter(({ isDescribed }) => !isDescribed)
    .map(({ name, node }) => ({ file, line: lineOf(node), text: `parameter without a description: ${name}` }))
}

function declaredNames(bicep: BicepFile): string[] {
  const names = [...bicep.parameters, ...bicep.resources, ...bicep.modules].map(({ name }) => name)
  return [...names, ...bicep.variables.keys()]
}

function isKnown(node: Node, declared: readonly string[]): boolean {
  if (isCalled(node)) return functions.has(node.text)
  return declared.includes(node.text) || isLoopVariable(node)
}

/** Whether an identifier is an expression's, not a declaration's, a key's or a decorator's. */
function isUse(node: Node): boolean {
  const { parent } = node
  if (node.type !== 'identifier' || parent === null) return false
  if (/_declaration$/.test(parent.type)) return !isFirst(node)
  if (parent.type === 'object_property') return !isFirst(node)
  if (parent.type === 'for_statement') return !isFirst(node)
  if (parent.type === 'for_loop_parameters') return false
  return !(parent.type === 'call_expression' && parent.parent?.type === 'decorator')
}

function isCalled(node: Node): boolean {
  return node.parent?.type === 'call_expression' && isFirst(node)
}

function isLoopVariable(node: Node): boolean {
  for (let at = node.parent; at !== null; at = at.parent) {
    if (at.type !== 'for_statement') continue
    const [variable] = childrenOf(at)
    if (variable && everyNode(variable).some((each) => each.text === node.text)) return true
  }
  return false
}

/** The same node is another object at each look: what tells it is its id. */
function isFirst(node: Node): boolean {
  return node.parent !== null && childrenOf(node.parent)[0]?.id === node.id
}
