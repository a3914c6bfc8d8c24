import { encodeText } from '../queue/messageText.ts'
import type { QueueStore } from '../queue/queueStore.ts'
import type { QueueSettings } from '../settings/hostSettings.ts'
import type { DataContainer } from '../storage/dataContainer.ts'
import type { InvocationResponse, RpcData } from '../worker/protocol.ts'
import { type ExpressionValues, resolveExpressions } from './expressions.ts'
import type { FunctionDefinition, StorageBinding } from './functionDefinition.ts'

/** Where input and output bindings read and write; `sent` hears of every queue a message went to. */
export type BindingPorts = {
  queue(connection: string, name: string): QueueStore
  container(connection: string, name: string): DataContainer
  sent(queueName: string): void
  now(): number
  encoding: QueueSettings['messageEncoding']
}

/** Reads the blobs that a function takes beside its trigger; one that is missing is left out. */
export async function readInputs(
  ports: BindingPorts,
  inputs: readonly StorageBinding[],
  values: ExpressionValues,
) {
  const read: { name: string; data: RpcData }[] = []
  for (const input of inputs) {
    if (input.kind !== 'blob') throw new Error(`Cannot read input ${input.name}: queues are outputs only`)
    const { container, blobName } = place(ports, input, values)
    const found = await container.read(blobName)
    if (found !== undefined) read.push({ name: input.name, data: { string: found.bytes.toString('utf8') } })
  }
  return read
}

/** Writes what a function gave back to its queue and blob outputs. */
export async function writeOutputs(
  ports: BindingPorts,
  definition: FunctionDefinition,
  response: InvocationResponse,
  values: ExpressionValues,
): Promise<void> {
  for (const output of definition.outputs) {
    const given =
      output.name === '$return'
        ? response.returnValue
        : response.outputData?.find(({ name }) => name === output.name)?.data
    if (given === null || given === undefined) continue
    if (output.kind === 'queue') await sendAll(ports, output, given, values)
    else {
      const { container, blobName } = place(ports, output, values)
      await container.write(blobName, bytesOfData(given))
    }
  }
}

async function sendAll(
  ports: BindingPorts,
  output: StorageBinding & { kind: 'queue' },
  given: RpcData,
  values: ExpressionValues,
): Promise<void> {
  const name = resolveExpressions(output.queueName, values, ports.now())
  const queue = ports.queue(output.connection, name)
  for (const text of messageTexts(given)) await queue.send(encodeText(text, ports.encoding))
  ports.sent(name)
}

/**
 * The messages that one queue output stands for: a JSON array, or a string that reads as one, is a message per item.
 * Pure. Source: FunctionBinding.cs (functions-host.md 1.2).
 */
export function messageTexts(data: RpcData): string[] {
  const text = textOfData(data)
  const parsed = tryParse(text)
  if (!Array.isArray(parsed)) return [text]
  return parsed.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)))
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function textOfData(data: RpcData): string {
  return (
    data.string ??
    data.json ??
    (data.bytes ? Buffer.from(data.bytes).toString('utf8') : String(data.int ?? data.double ?? ''))
  )
}

/** A value as bytes, as a blob or an HTTP body holds it. Pure. */
export function bytesOfData(data: RpcData): Buffer {
  return data.bytes === undefined ? Buffer.from(textOfData(data), 'utf8') : Buffer.from(data.bytes)
}

function place(ports: BindingPorts, binding: StorageBinding & { kind: 'blob' }, values: ExpressionValues) {
  const path = resolveExpressions(binding.path, values, ports.now())
  const slash = path.indexOf('/')
  if (slash < 1) throw new Error(`Cannot bind ${binding.name}: "${path}" names no blob`)
  return {
    container: ports.container(binding.connection, path.slice(0, slash)),
    blobName: path.slice(slash + 1),
  }
}
