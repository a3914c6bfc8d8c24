import { join } from 'node:path'
import { type GatewayArguments, readArguments, usage, WrongArguments } from './cli/arguments.ts'
import { readLocalStack } from './stackFile.ts'
import type { GatewayOptions, RunningGateway } from './startGateway.ts'
import { startOnSomePort } from './startOnSomePort.ts'

const local = join(import.meta.dirname, '..', '.local')

/** Under the 30 s that Kubernetes gives a pod. */
const graceSeconds = 25
const sameSignalMs = 1_000
const stoppingLine = `stopping: calls under way get ${graceSeconds} s; once more ends at once`

/** `npm run gateway`: API Management's behaviour on this machine until Ctrl-C. */
async function main(): Promise<void> {
  const given = readArguments(process.argv.slice(2))
  if (given.help) {
    process.stdout.write(usage)
    return
  }
  const gateway = await startOnSomePort(optionsOf(given))
  const { url, subscriptions } = gateway
  console.log(given.json ? JSON.stringify({ url, subscriptions }) : printable(gateway))
  stopOnSignal(gateway)
}

/** Throws one line where there is no back end to stand in front of. */
function optionsOf(given: GatewayArguments): GatewayOptions {
  const stack = given.backend === undefined ? readLocalStack(join(local, 'stack.json')) : undefined
  const backend = given.backend ?? stack?.emulatorUrl
  if (backend === undefined) {
    throw new Error(
      'Cannot start gateway: there is no back end: give one with --backend URL, or start the local stack with npm start',
    )
  }
  return {
    backend: { url: backend },
    storage: given.storage ?? stack?.storage,
    folder: given.data ?? join(local, 'gateway'),
    ...(given.port !== undefined && { port: given.port }),
    host: given.host,
    products: given.products,
    usageDays: given.usageDays,
    graceSeconds,
    environment: { SECRETS_FILE: join(local, 'secrets.json'), ...process.env },
    report: (line) => console.error(line),
  }
}

function printable({ url, subscriptions }: RunningGateway): string {
  return [
    `AzureML Demo API  ${url}/azureml-demo`,
    `Try it            ${url}/try-it/`,
    `Usage             ${url}/usage`,
    'Sample subscriptions:',
    ...subscriptions.map(
      ({ name, product, primaryKey }) => `  ${name.padEnd(14)} ${product.padEnd(12)} ${primaryKey}`,
    ),
  ].join('\n')
}

/** A signal that comes again ends at once; one that comes by two ways (npm, the terminal) is one. */
function stopOnSignal(gateway: RunningGateway): void {
  let stoppedAtMs: number | undefined
  const stop = () => {
    if (stoppedAtMs !== undefined) {
      if (performance.now() - stoppedAtMs > sameSignalMs) process.exit(1)
      return
    }
    stoppedAtMs = performance.now()
    const telling = setTimeout(() => console.error(stoppingLine), sameSignalMs)
    telling.unref()
    gateway.close().then(() => process.exit(0), fail)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error)
  process.exit(error instanceof WrongArguments ? 2 : 1)
}

main().catch(fail)
