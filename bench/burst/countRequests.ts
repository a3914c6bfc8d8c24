import diagnosticsChannel from 'node:diagnostics_channel'
import { writeFileSync } from 'node:fs'
import type { ClientRequest } from 'node:http'
import { join } from 'node:path'

/** Loaded into a worker by `--import`: counts its requests by port, method and table, queue or container, into a file. */
const folder = process.env.REQUEST_COUNTS
const counts: Record<string, number> = {}

function count(message: unknown): void {
  const { request } = message as { request: ClientRequest & { port?: number } }
  const host = String(request.getHeader('host') ?? '')
  const place = /^\/[^/]+\/([^/?(]*)/.exec(request.path)?.[1] ?? ''
  const key = `${host.split(':')[1] ?? ''} ${request.method} ${place}`
  counts[key] = (counts[key] ?? 0) + 1
}

function write(): void {
  if (folder !== undefined) writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(counts))
}

if (folder !== undefined) {
  diagnosticsChannel.subscribe('http.client.request.start', count)
  setInterval(write, 1_000).unref()
  process.on('exit', write)
}
