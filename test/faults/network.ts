import type { StackPorts } from '../../local/parts/choosePorts.ts'
import { startProxy, type TcpProxy, type Weather } from './proxy.ts'

/** What the app talks to, each through a proxy: storage (three services) and the web services. */
export type Side = 'storage' | 'service'

/** The network between the app and both services. */
export type Network = {
  weather(side: Side, change: Partial<Weather>): void
  heal(side: Side): void
  reset(side: Side): number
  /** The text with each service's address replaced by its proxy's: connection strings, URLs. */
  through(text: string): string
  close(): Promise<void>
}

/**
 * Puts a proxy in front of each port. Azurite signs paths, not hosts: a connection string or a SAS with the proxy's address
 * is as good as one with its own, and whoever gets a SAS of the app's reads through the proxy too.
 */
export async function startNetwork(
  ports: Pick<StackPorts, 'blob' | 'queue' | 'table' | 'emulator'>,
): Promise<Network> {
  const [blob, queue, table, emulator] = await Promise.all([
    startProxy(ports.blob),
    startProxy(ports.queue),
    startProxy(ports.table),
    startProxy(ports.emulator),
  ])
  const sides: Record<Side, TcpProxy[]> = { storage: [blob, queue, table], service: [emulator] }
  const addresses = new Map([
    [ports.blob, blob.port],
    [ports.queue, queue.port],
    [ports.table, table.port],
    [ports.emulator, emulator.port],
  ])
  return {
    weather: (side, change) => sides[side].forEach((proxy) => void proxy.weather(change)),
    heal: (side) => sides[side].forEach((proxy) => void proxy.heal()),
    reset: (side) => sides[side].reduce((count, proxy) => count + proxy.reset(), 0),
    through: (text) =>
      text.replace(/127\.0\.0\.1:(\d+)/g, (own, port) => {
        const proxied = addresses.get(Number(port))
        return proxied === undefined ? own : `127.0.0.1:${proxied}`
      }),
    async close() {
      await Promise.all([...sides.storage, ...sides.service].map((proxy) => proxy.close()))
    },
  }
}
