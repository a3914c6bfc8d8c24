import type { LookupFunction } from 'node:net'
import { Agent, type Dispatcher, request } from 'undici'
import { RetryableError, TerminalError } from '../../retraining/errors.ts'

/** Time-outs and caps of outgoing calls. */
export type HttpSettings = {
  connectSeconds: number
  /** From the request's end to the answer's headers. */
  headersSeconds: number
  /** Between two parts of the body. */
  bodySeconds: number
  /** The most an answer that is read into memory may hold. */
  maxAnswerBytes: number
}

/** One request; `url` comes from the URL guard. */
export type HttpCall = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: URL
  headers?: Readonly<Record<string, string>>
  body?: string
  signal?: AbortSignal
}

/** What came back, whatever the status. */
export type HttpAnswer = { status: number; headers: Readonly<Record<string, string>>; text: string }

/** An answer whose body is read as a stream. */
export type HttpStream = Omit<HttpAnswer, 'text'> & {
  content: AsyncIterable<Uint8Array>
  /** Reads the body into memory, up to the cap. */
  text(): Promise<string>
}

/**
 * Calls over one pool of kept-alive connections. Redirects are not followed. Throws `RetryableError` when no answer comes
 * and `TerminalError` when the guard refuses an address or the answer is too large; the texts hold no URL.
 */
export type HttpClient = {
  send(call: HttpCall): Promise<HttpAnswer>
  open(call: HttpCall): Promise<HttpStream>
  /** Ends every connection, also of answers that nobody read to their end. */
  close(): Promise<void>
}

/** A client whose connections go through the guard's `lookup`. */
export function createHttpClient(settings: HttpSettings, guard: { lookup: LookupFunction }): HttpClient {
  const agent = new Agent({
    connect: { timeout: settings.connectSeconds * 1000, lookup: guard.lookup },
    headersTimeout: settings.headersSeconds * 1000,
    bodyTimeout: settings.bodySeconds * 1000,
    keepAliveTimeout: 30_000,
    connections: 64,
  })
  const open = (call: HttpCall) => openAnswer(agent, settings, call)
  return {
    open,
    async send(call) {
      const { status, headers, text } = await open(call)
      return { status, headers, text: await text() }
    },
    close: () => agent.destroy(),
  }
}

async function openAnswer(agent: Agent, settings: HttpSettings, call: HttpCall): Promise<HttpStream> {
  const { url, ...rest } = call
  const answer = await request(url, { ...rest, dispatcher: agent }).catch((error: unknown) => {
    throw networkError(error)
  })
  return {
    status: answer.statusCode,
    headers: flatHeaders(answer.headers),
    content: chunksOf(answer.body),
    text: () => readText(answer.body, settings.maxAnswerBytes),
  }
}

function flatHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]))
}

async function* chunksOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw networkError(error)
  }
}

async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of chunksOf(body)) {
    sizeBytes += chunk.byteLength
    if (sizeBytes > maxBytes) {
      throw new TerminalError(`Cannot read the answer: it has more than ${maxBytes} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Everything short of an answer may pass, but for what the guard refused and what we asked wrongly. */
function networkError(error: unknown): Error {
  if (error instanceof TerminalError || error instanceof RetryableError) return error
  const { name, message, code } = error as { name?: string; message?: string; code?: string }
  if (code === 'UND_ERR_INVALID_ARG') {
    return new TerminalError('Cannot send the request: a header or the URL is malformed')
  }
  const text =
    name === 'TimeoutError' ? 'no answer in time' : `${code ?? name ?? 'error'}: ${message || 'no answer'}`
  return new RetryableError(`Cannot reach the service: ${text}`, { cause: error })
}
