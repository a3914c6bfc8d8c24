import { ProtobufWriter } from './protobufWriter.ts'

/** Field numbers and enum values. Source: onnx/onnx.proto. */
const attributeTypes = { float: 1, integer: 2, text: 3, floats: 6, integers: 7, texts: 8 } as const
const elementTypes = { float: 1, int64: 7, string: 8 } as const
type ElementType = keyof typeof elementTypes

/** An operator's attribute. */
export type Attribute =
  | { type: 'float' | 'integer'; value: number }
  | { type: 'text'; value: string }
  | { type: 'floats' | 'integers'; value: ArrayLike<number> }
  | { type: 'texts'; value: readonly string[] }

/** A node: operator, inputs and outputs by name. `domain` '' is standard ONNX. */
export type GraphNode = {
  name: string
  operator: string
  domain?: 'ai.onnx.ml'
  inputs: string[]
  outputs: string[]
  attributes?: Record<string, Attribute>
}

/** An input or output of shape [rows, width]. */
export type GraphPort = { name: string; type: ElementType; width: number }

/** Constant float numbers of the given shape. */
export type Initializer = { name: string; dimensions: number[]; values: ArrayLike<number> }

export type Graph = {
  nodes: GraphNode[]
  initializers: Initializer[]
  inputs: GraphPort[]
  outputs: GraphPort[]
}

/** Encodes a GraphProto. */
export function encodeGraph(graph: Graph): Uint8Array {
  const writer = new ProtobufWriter()
  for (const node of graph.nodes) writer.message(1, (message) => writeNode(message, node))
  writer.text(2, 'mlclassic')
  for (const initializer of graph.initializers)
    writer.message(5, (message) => writeTensor(message, initializer))
  for (const port of graph.inputs) writer.message(11, (message) => writePort(message, port))
  for (const port of graph.outputs) writer.message(12, (message) => writePort(message, port))
  return writer.finish()
}

function writeNode(writer: ProtobufWriter, node: GraphNode): void {
  for (const input of node.inputs) writer.text(1, input)
  for (const output of node.outputs) writer.text(2, output)
  writer.text(3, node.name).text(4, node.operator)
  for (const [name, attribute] of Object.entries(node.attributes ?? {})) {
    writer.message(5, (message) => writeAttribute(message, name, attribute))
  }
  if (node.domain !== undefined) writer.text(7, node.domain)
}

function writeAttribute(writer: ProtobufWriter, name: string, attribute: Attribute): void {
  writer.text(1, name)
  switch (attribute.type) {
    case 'float':
      writer.float(2, attribute.value)
      break
    case 'integer':
      writer.integer(3, attribute.value)
      break
    case 'text':
      writer.text(4, attribute.value)
      break
    case 'floats':
      writer.packedFloats(7, attribute.value)
      break
    case 'integers':
      writer.packedIntegers(8, attribute.value)
      break
    case 'texts':
      for (const value of attribute.value) writer.text(9, value)
      break
  }
  writer.integer(20, attributeTypes[attribute.type])
}

function writeTensor(writer: ProtobufWriter, { name, dimensions, values }: Initializer): void {
  writer.packedIntegers(1, dimensions).integer(2, elementTypes.float).packedFloats(4, values).text(8, name)
}

function writePort(writer: ProtobufWriter, { name, type, width }: GraphPort): void {
  writer.text(1, name)
  writer.message(2, (typeProto) => {
    typeProto.message(1, (tensor) => {
      tensor.integer(1, elementTypes[type])
      tensor.message(2, (shape) => {
        shape.message(1, (dimension) => dimension.text(2, 'rows'))
        shape.message(1, (dimension) => dimension.integer(1, width))
      })
    })
  })
}
