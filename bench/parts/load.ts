import { connect } from 'node:net'

/** How many requests, what they answered, and how long each took in milliseconds, ascending. */
export type LoadResult = { seconds: number; statuses: Record<string, number>; latenciesMs: Float64Array }

/** What is sent: `next` gives the bytes of the next request. */
export type Load = { host: string; port: number; connections: number; seconds: number; next(): Buffer }

/**
 * Sends requests over so many connections at once, each one after the answer to the one before. Speaks HTTP/1.1 over bare
 * sockets, because the load generator shares the cores with what it measures.
 */
export async function runLoad(load: Load): Promise<LoadResult> {
  const statuses: Record<string, number> = {}
  const latencies: number[] = []
  const startedMs = performance.now()
  const endMs = startedMs + load.seconds * 1000
  await Promise.all(
    Array.from({ length: load.connections }, () =>
      runConnection(load, endMs, (status, tookMs) => {
        statuses[status] = (statuses[status] ?? 0) + 1
        latencies.push(tookMs)
      }),
    ),
  )
  const seconds = (performance.now() - startedMs) / 1000
  return { seconds, statuses, latenciesMs: Float64Array.from(latencies).sort() }
}

/** The request as bytes. */
export function encodePost(url: URL, key: string, body: string): Buffer {
  const head = [
    `POST ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    `Authorization: Bearer ${key}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** What a run is told by. */
export function numbersOf({ seconds, statuses, latenciesMs }: LoadResult) {
  return {
    requestsPerSecond: Math.round(latenciesMs.length / seconds),
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    statuses,
  }
}

/** The latency that a share (0 to 1) of the requests stayed within, to a hundredth. */
function percentile(latenciesMs: Float64Array, share: number): number {
  const at = Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))
  return Math.round((latenciesMs[at] ?? Number.NaN) * 100) / 100
}

function runConnection(
  { host, port, next }: Load,
  endMs: number,
  count: (status: string, tookMs: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    let received: Buffer = Buffer.alloc(0)
    let sentMs = 0
    const send = () => {
      sentMs = performance.now()
      socket.write(next())
    }
    socket.on('connect', send)
    socket.on('error', reject)
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      const length = answerLength(received)
      if (length === undefined || received.length < length) return
      count(received.toString('latin1', 9, 12), performance.now() - sentMs)
      received = Buffer.alloc(0)
      if (performance.now() < endMs) return send()
      socket.end()
      resolve()
    })
  })
}

/** Bytes of the answer at the start of `received`; undefined until its head is there. */
function answerLength(received: Buffer): number | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [, length = '0'] = /content-length: (\d+)/i.exec(received.toString('latin1', 0, end)) ?? []
  return end + 4 + Number(length)
}
