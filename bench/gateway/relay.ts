import { connect, createServer } from 'node:net'
import { parseArgs } from 'node:util'

/** Passes bytes on and back, no more: the least that any proxy in Node adds on this machine. Arguments: `--to URL`. */
const { values } = parseArgs({
  options: { to: { type: 'string' }, port: { type: 'string' }, json: { type: 'boolean' } },
})
const target = new URL(values.to ?? '')
const server = createServer({ noDelay: true }, (caller) => {
  const service = connect({ host: target.hostname, port: Number(target.port), noDelay: true })
  for (const [from, to] of [
    [caller, service],
    [service, caller],
  ] as const) {
    from.on('data', (chunk) => to.write(chunk))
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
  }
})
server.listen(Number(values.port ?? 0), '127.0.0.1', () => {
  const address = server.address()
  console.log(JSON.stringify({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` }))
})
process.once('SIGTERM', () => process.exit(0))
