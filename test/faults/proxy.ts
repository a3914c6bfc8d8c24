import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * What the network does to connections, as toxiproxy's toxics do. `down`: every connection is refused and those there
 * are end. `silent`: nothing gets through; connections of that time end when it is over. `latencyMs` with `jitterMs`
 * holds in each direction. `answersLostAfter`: a connection is reset once so many bytes of answers have come, so that a
 * request takes effect and nobody hears of it.
 */
export type Weather = {
  state: 'open' | 'down' | 'silent'
  latencyMs: number
  jitterMs: number
  answersLostAfter?: number | undefined
}

/** A TCP proxy on 127.0.0.1 whose weather can be changed at any time. */
export type TcpProxy = {
  port: number
  weather(change: Partial<Weather>): void
  /** Back to fair weather. */
  heal(): void
  /** Resets every connection there is; answers how many. */
  reset(): number
  close(): Promise<void>
}

/** Fair weather: everything gets through at once. */
export const fair: Weather = { state: 'open', latencyMs: 0, jitterMs: 0, answersLostAfter: undefined }

/** Bytes under way in one direction above which no more are read. */
const mostUnderWay = 1024 * 1024

type Link = { client: Socket; service: Socket; isSpoilt: boolean }

type Net = { weather: Weather; links: Set<Link>; random: () => number; targetPort: number }

/** Starts a proxy to a port of this machine. `random` (0 to 1) draws the jitter. */
export async function startProxy(targetPort: number, random: () => number = Math.random): Promise<TcpProxy> {
  const net: Net = { weather: fair, links: new Set(), random, targetPort }
  const server = createServer({ allowHalfOpen: true }, (client) => accept(net, client))
  await listen(server)
  const weather = (change: Partial<Weather>) => {
    net.weather = { ...net.weather, ...change }
    for (const link of net.links) {
      link.isSpoilt ||= net.weather.state === 'silent'
      if (net.weather.state === 'down' || (net.weather.state === 'open' && link.isSpoilt)) end(net, link)
    }
  }
  return {
    port: (server.address() as AddressInfo).port,
    weather,
    heal: () => weather(fair),
    reset() {
      const count = net.links.size
      for (const link of net.links) end(net, link)
      return count
    },
    close() {
      for (const link of net.links) end(net, link)
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
}

function accept(net: Net, client: Socket): void {
  client.on('error', () => client.destroy())
  if (net.weather.state === 'down') {
    client.resetAndDestroy()
    return
  }
  const service = connect({ port: net.targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  client.setNoDelay(true)
  const link: Link = { client, service, isSpoilt: net.weather.state === 'silent' }
  net.links.add(link)
  for (const socket of [client, service]) {
    socket.on('error', () => end(net, link))
    socket.on('close', (hadError) => {
      if (hadError || socket === client) end(net, link)
      else net.links.delete(link)
    })
  }
  carry(net, link, { from: client, to: service, isAnswer: false })
  carry(net, link, { from: service, to: client, isAnswer: true })
}

/** Both sides of a link are reset, and what is under way is lost. */
function end(net: Net, link: Link): void {
  net.links.delete(link)
  for (const socket of [link.client, link.service]) if (!socket.destroyed) socket.resetAndDestroy()
}

/** Carries one direction, each piece as late as the weather says and never before the piece in front of it. */
function carry(net: Net, link: Link, way: { from: Socket; to: Socket; isAnswer: boolean }): void {
  const { from, to, isAnswer } = way
  let lastDueMs = 0
  let underWay = 0
  let answered = 0
  const later = (action: () => void) => {
    const { latencyMs, jitterMs } = net.weather
    const nowMs = performance.now()
    lastDueMs = Math.max(lastDueMs, nowMs + latencyMs + jitterMs * net.random())
    if (lastDueMs <= nowMs && underWay === 0) action()
    else setTimeout(action, lastDueMs - nowMs)
  }
  from.on('data', (piece: Buffer) => {
    if (net.weather.state === 'silent') return
    if (isAnswer) answered += piece.length
    if (isAnswer && answered > (net.weather.answersLostAfter ?? Number.POSITIVE_INFINITY))
      return end(net, link)
    later(() => {
      if (!to.destroyed) to.write(piece)
      underWay -= piece.length
      if (underWay < mostUnderWay) from.resume()
    })
    underWay += piece.length
    if (underWay >= mostUnderWay) from.pause()
  })
  from.on('end', () => later(() => to.destroyed || to.end()))
}
