import { connect, type Socket } from 'node:net'

/** Kept-alive connections to one server, each with one request under way at most; the same bytes every time. */
export type Load = {
  /** As many requests as the server answers, for so long: answers per second. */
  flood(milliseconds: number): Promise<number>
  /** So many requests a second for so long: each one's latency in ms, from when it was due. */
  pace(perSecond: number, milliseconds: number): Promise<number[]>
  close(): void
}

type Connection = { socket: Socket; idle: boolean; done?: (status: number) => void }

/** Opens connections and sends `request`, the bytes of an HTTP/1.1 request. Anything but 200 is thrown. */
export async function openLoad(url: string, request: string, connections: number): Promise<Load> {
  const all = await Promise.all(Array.from({ length: connections }, () => openConnection(url)))
  const bytes = Buffer.from(request)
  const send = (connection: Connection, done: () => void, fail: (error: Error) => void) => {
    connection.idle = false
    connection.done = (status) => {
      connection.idle = true
      if (status === 200) done()
      else fail(new Error(`Cannot measure: ${url} answered ${status}`))
    }
    connection.socket.write(bytes)
  }
  return {
    flood: (milliseconds) => flood(all, send, milliseconds),
    pace: (perSecond, milliseconds) => pace(all, send, perSecond, milliseconds),
    close() {
      for (const { socket } of all) socket.destroy()
    },
  }
}

type Send = (connection: Connection, done: () => void, fail: (error: Error) => void) => void

async function flood(all: Connection[], send: Send, milliseconds: number): Promise<number> {
  const startMs = performance.now()
  const endMs = startMs + milliseconds
  let answers = 0
  const lane = (connection: Connection) =>
    new Promise<void>((resolve, reject) => {
      const next = () => send(connection, again, reject)
      const again = () => {
        answers++
        if (performance.now() < endMs) next()
        else resolve()
      }
      next()
    })
  await Promise.all(all.map(lane))
  return (answers * 1000) / (performance.now() - startMs)
}

function pace(all: Connection[], send: Send, perSecond: number, milliseconds: number): Promise<number[]> {
  const startMs = performance.now()
  const total = Math.floor((perSecond * milliseconds) / 1000)
  const latencies: number[] = []
  let sent = 0
  return new Promise((resolve, reject) => {
    const timer = setInterval(tick, 1)
    const fail = (error: Error) => {
      clearInterval(timer)
      reject(error)
    }
    const finish = () => {
      if (latencies.length < total) return
      clearInterval(timer)
      resolve(latencies)
    }
    function tick() {
      const nowMs = performance.now()
      for (const connection of all) {
        if (!connection.idle) continue
        const dueMs = startMs + (sent * 1000) / perSecond
        if (sent >= total || dueMs > nowMs) return
        sent++
        // A late tick of this process is not the server's; waiting for a free connection is.
        const fromMs = nowMs - dueMs > 2 ? dueMs : nowMs
        send(
          connection,
          () => {
            latencies.push(performance.now() - fromMs)
            finish()
          },
          fail,
        )
      }
    }
  })
}

function openConnection(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(connection))
    socket.setNoDelay(true)
    const connection: Connection = { socket, idle: true }
    let received = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      received += chunk
      const head = received.indexOf('\r\n\r\n')
      if (head === -1) return
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1])
      if (received.length < head + 4 + length) return
      const status = Number(received.slice(9, 12))
      received = ''
      connection.done?.(status)
    })
    socket.on('error', reject)
  })
}

/** The value that the share `quantile` (0 to 1) does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
