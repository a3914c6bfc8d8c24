import { ModelFileError, shorten } from '../errors.ts'
import { type Field, packedFloats, packedIntegers, readFields, textOf } from './protobufReader.ts'

/** A node's attributes as they are read: only the lists, which are all that a model needs. */
export type ReadAttribute = { integers: Float64Array; floats: Float32Array; texts: string[] }
export type ReadNode = { name: string; attributes: Map<string, ReadAttribute> }

/** An ONNX file as far as a model needs it: nodes and constants by name, metadata by key. */
export type ReadGraph = {
  nodes: Map<string, ReadNode>
  constants: Map<string, Float32Array>
  metadata: Map<string, string>
}

/** Reads a ModelProto. Throws ModelFileError. */
export function readModelProto(content: Uint8Array): ReadGraph {
  const graph: ReadGraph = { nodes: new Map(), constants: new Map(), metadata: new Map() }
  for (const field of readFields(content)) {
    if (field.number === 7) readGraph(field.bytes, graph)
    else if (field.number === 14) readEntry(field.bytes, graph.metadata)
  }
  return graph
}

function readGraph(message: Uint8Array, graph: ReadGraph): void {
  for (const field of readFields(message)) {
    if (field.number === 1) {
      const node = readNode(field.bytes)
      if (graph.nodes.has(node.name))
        throw new ModelFileError(`Cannot read the model file: two nodes "${shorten(node.name)}"`)
      graph.nodes.set(node.name, node)
    } else if (field.number === 5) readConstant(field.bytes, graph.constants)
  }
}

function readNode(message: Uint8Array): ReadNode {
  const node: ReadNode = { name: '', attributes: new Map() }
  for (const field of readFields(message)) {
    if (field.number === 3) node.name = textOf(field)
    else if (field.number === 5) readAttribute(field.bytes, node.attributes)
  }
  return node
}

function readAttribute(message: Uint8Array, attributes: ReadNode['attributes']): void {
  let name = ''
  const attribute: ReadAttribute = { integers: new Float64Array(0), floats: new Float32Array(0), texts: [] }
  for (const field of readFields(message)) {
    if (field.number === 1) name = textOf(field)
    else if (field.number === 7) attribute.floats = packedFloats(field)
    else if (field.number === 8) attribute.integers = packedIntegers(field)
    else if (field.number === 9) attribute.texts.push(textOf(field))
  }
  attributes.set(name, attribute)
}

function readConstant(message: Uint8Array, constants: Map<string, Float32Array>): void {
  let name = ''
  let values = new Float32Array(0)
  for (const field of readFields(message)) {
    if (field.number === 8) name = textOf(field)
    else if (field.number === 4) values = packedFloats(field) as Float32Array<ArrayBuffer>
  }
  constants.set(name, values)
}

function readEntry(message: Uint8Array, metadata: Map<string, string>): void {
  const fields: Field[] = [...readFields(message)]
  const text = (number: number) => {
    const field = fields.find((candidate) => candidate.number === number)
    return field === undefined ? '' : textOf(field)
  }
  metadata.set(text(1), text(2))
}
