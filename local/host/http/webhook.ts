import type { IncomingMessage, ServerResponse } from 'node:http'
import { readWebhook } from '../blob/blobEvent.ts'
import type { BlobMessage } from '../blob/blobMessage.ts'
import { type FunctionDefinition, functionId } from '../invocation/functionDefinition.ts'
import { readBody, urlOf } from './httpRequest.ts'
import { writeJson, writeStatus } from './httpResponse.ts'
import { type HostKeys, isSame, keyOf } from './keys.ts'

/** What the Event Grid webhook of blob functions needs. */
export type WebhookPorts = {
  functions: readonly FunctionDefinition[]
  keys: HostKeys | undefined
  postBlobMessage(message: BlobMessage): Promise<void>
}

/** Answers `POST /runtime/webhooks/blobs?functionName=Host.Functions.NAME`: the handshake, or events (202). */
export async function answerWebhook(
  ports: WebhookPorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { searchParams } = urlOf(request)
  const key = keyOf(request.headers, searchParams)
  const { keys } = ports
  if (
    keys !== undefined &&
    ![keys.system, keys.master].some((known) => key !== undefined && isSame(known, key))
  ) {
    return writeStatus(response, 401)
  }
  const id = searchParams.get('functionName') ?? ''
  const isKnown = ports.functions.some(
    ({ name, trigger }) => trigger.kind === 'blob' && id === functionId(name),
  )
  if (!isKnown) return writeStatus(response, 404)
  const body = await readBody(request)
  if (body.kind === 'tooLarge') return writeStatus(response, 413)
  const call = readWebhook(request.headers['aeg-event-type']?.toString(), body.bytes.toString('utf8'), id)
  switch (call.kind) {
    case 'validate':
      return writeJson(response, 200, { validationResponse: call.code })
    case 'refused':
      return writeJson(response, 400, { message: `Cannot take the event: ${call.reason}` })
    case 'notify': {
      for (const message of call.messages) await ports.postBlobMessage(message)
      return writeStatus(response, 202)
    }
  }
}
