import { joinBytes } from '../bytes.ts'
import type { Evaluation } from '../evaluation/evaluate.ts'
import type { Model, ModelInput } from '../model.ts'
import { buildGraph } from './buildGraph.ts'
import { encodeGraph } from './graphWriter.ts'
import { ProtobufWriter } from './protobufWriter.ts'
import { encodeSeal } from './seal.ts'

/** Version of the metadata's form; a reader refuses any other. */
export const formatVersion = 1
/** Key of our metadata in the ONNX file's metadata_props. */
export const metadataKey = 'mlclassic.model'

/** Our metadata as JSON: what ONNX has no place for. Numbers of the evaluation that aren't defined are null. */
export type ModelMetadata = {
  formatVersion: number
  algorithm: string
  parameters: Record<string, number>
  inputs: ModelInput[]
  label: { column: string; order: [negative: string, positive: string] }
  rows: number
  metrics: Evaluation | null
  /** What a text input of the graph is. */
  textInputs?: string
}

/**
 * Encodes a model as an `.ilearner` file: a valid ONNX model (opset 13, ai.onnx.ml 3) with our metadata, and at its
 * end the SHA-256 of all before it. The same model gives the same bytes.
 */
export function encodeModel(model: Model): Uint8Array {
  const writer = new ProtobufWriter()
  writer.integer(1, 8).text(2, 'mlclassic').text(3, String(formatVersion))
  writer.bytes(7, encodeGraph(buildGraph(model)))
  for (const [domain, version] of [['', 13] as const, ['ai.onnx.ml', 3] as const]) {
    writer.message(8, (message) => message.text(1, domain).integer(2, version))
  }
  const json = JSON.stringify(describe(model))
  writer.message(14, (message) => message.text(1, metadataKey).text(2, json))
  const content = writer.finish()
  return joinBytes([content, encodeSeal(content)])
}

function describe({ learner, inputs, label, rows, evaluation }: Model): ModelMetadata {
  return {
    formatVersion,
    algorithm: learner.kind,
    parameters: learner.parameters,
    inputs,
    label: { column: label.column, order: [label.negative, label.positive] },
    rows,
    metrics: evaluation ?? null,
    ...(inputs.some((input) => input.kind === 'text')
      ? { textInputs: 'floats [rows, 2^bits]: counts by Feature Hashing (ONNX has no such operator)' }
      : {}),
  }
}
