import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from '../emulator/start.ts'
import { startAzurite } from '../local/azurite.ts'
import { setUpCustomers } from '../local/setup/setUpCustomers.ts'
import { createAzureStores } from '../shared/adapters/azureStores.ts'
import { connect, type Invocation } from '../shared/ports.ts'
import { acceptDrop } from '../shared/retraining/acceptDrop.ts'
import { reconcile } from '../shared/retraining/reconcile.ts'
import { playOnce } from './playOnce.ts'

/** The real parts but for the Functions host, whose work `step` does: Azurite, the emulator, the app over `connect`. */
export async function startWholeApp() {
  const folder = await mkdtemp(join(tmpdir(), 'whole-app-'))
  const azurite = await startAzurite()
  const emulator = await startEmulator({
    dataFolder: join(folder, 'emulator'),
    storage: azurite.connectionString,
    dataPlaces: [join(root, 'samples')],
    admin: true,
    patchDelaySeconds: 0,
  })
  const secretsFile = join(folder, 'secrets.json')
  Object.assign(process.env, {
    RETRAIN_STORAGE: azurite.connectionString,
    SECRETS_FILE: secretsFile,
    DEVELOPMENT_LOOPBACK: 'true',
    POLL_FIRST_SECONDS: '1',
    POLL_MAX_SECONDS: '1',
    CHECK_DELAY_SECONDS: '1',
    CHECK_DEADLINE_SECONDS: '600',
  })
  const lines: string[] = []
  const ports = await connect(invocation(lines))
  const customers = await setUpCustomers({ root, emulator: emulator.describe(), tables: ports, secretsFile })
  const stores = createAzureStores(azurite.connectionString)
  return {
    ...{ ports, stores, emulator, customers, lines },
    connection: azurite.connectionString,
    step: () => playOnce(ports, stores.queues),
    accept: (name: string) => acceptDrop(ports, name),
    reconcile: () => reconcile(ports),
    async fault(fault: object) {
      const answer = await fetch(`${emulator.url}/admin/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      })
      if (!answer.ok) throw new Error(`Cannot set the fault: ${answer.status} ${await answer.text()}`)
    },
    async stop() {
      await emulator.close()
      await azurite.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const root = join(import.meta.dirname, '..')

function invocation(lines: string[]): Invocation {
  const line = (...args: unknown[]) => void lines.push(args.join(' '))
  return { info: line, warn: line, error: line, invocationId: 'test', triggerMetadata: {} }
}
