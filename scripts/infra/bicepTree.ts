import { join } from 'node:path'
import { Language, type Node, Parser } from 'web-tree-sitter'
import type { Problem } from './problem.ts'

/** A node of a Bicep file's syntax tree. */
export type { Node } from 'web-tree-sitter'

/** Parses a Bicep file's text. */
export type ParseBicep = (text: string) => Node

const modules = join(import.meta.dirname, '..', '..', 'node_modules')

/** Loads the grammar of tree-sitter-bicep, which knows the language as of 2024: newer syntax counts as an error. */
export async function loadBicepParser(): Promise<ParseBicep> {
  await Parser.init()
  const language = await Language.load(join(modules, 'tree-sitter-bicep', 'tree-sitter-bicep.wasm'))
  const parser = new Parser()
  parser.setLanguage(language)
  return (text) => {
    const tree = parser.parse(text)
    if (tree === null) throw new Error('Cannot parse Bicep: the parser was interrupted')
    return tree.rootNode
  }
}

/** Lines the grammar does not understand. */
export function syntaxProblems(file: string, root: Node): Problem[] {
  if (!root.hasError) return []
  const wrong = root.descendantsOfType('ERROR').filter((node) => node !== null)
  const missing = everyNode(root).filter((node) => node.isMissing)
  return [
    ...wrong.map((node) => ({ file, line: lineOf(node), text: `not understood: ${firstLine(node)}` })),
    ...missing.map((node) => ({ file, line: lineOf(node), text: `missing: ${node.type}` })),
  ]
}

/** The node's line, from 1. */
export function lineOf(node: Node): number {
  return node.startPosition.row + 1
}

/** The node's children that mean something, comments left out. */
export function childrenOf(node: Node): Node[] {
  return node.namedChildren.filter((child): child is Node => child !== null && child.type !== 'comment')
}

/** The node and all below it. */
export function everyNode(node: Node): Node[] {
  return [node, ...node.children.flatMap((child) => (child === null ? [] : everyNode(child)))]
}

/** The text of a string without interpolation, its escapes undone; undefined for everything else. */
export function literalText(node: Node): string | undefined {
  if (node.type !== 'string' || childrenOf(node).some((child) => child.type === 'interpolation'))
    return undefined
  return node.text.slice(1, -1).replace(/\\(.)/g, '$1')
}

/** An object's properties by name; computed names are left out. */
export function propertiesOf(object: Node): { name: string; key: Node; value: Node }[] {
  return childrenOf(object).flatMap((property) => {
    const [key, value] = childrenOf(property)
    if (property.type !== 'object_property' || key === undefined || value === undefined) return []
    const name = key.type === 'string' ? literalText(key) : key.text
    return name === undefined ? [] : [{ name, key, value }]
  })
}

function firstLine(node: Node): string {
  return (node.text.split('\n')[0] ?? '').slice(0, 60)
}
