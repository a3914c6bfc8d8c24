import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashKey, newKey } from '../keys.ts'
import type { Product } from '../products.ts'
import { addSubscription, type ChangePorts, rotateKey } from './changeSubscriptions.ts'

/** A sample subscription with its primary key, for trying things out on this machine. */
export type SampleSubscription = { name: string; product: string; primaryKey: string }

type SampleKeys = Record<string, string>

/**
 * Makes sure that each product has a sample subscription, and answers their keys. The keys lie in a file of the folder,
 * readable by its owner only, so that gateways on one storage and later starts give the same; where the storage has
 * another, it gets the file's.
 */
export async function ensureSamples(
  ports: ChangePorts,
  folder: string,
  products: readonly Product[],
): Promise<SampleSubscription[]> {
  const file = join(folder, 'sample-keys.json')
  const keys = await readKeys(file)
  const missing = products.filter(({ id }) => keys[id] === undefined)
  for (const { id } of missing) keys[id] = newKey()
  if (missing.length > 0) await writeKeys(folder, file, keys)
  const samples = products.map(({ id, name }) => ({ name: id, product: name, primaryKey: keys[id] ?? '' }))
  for (const sample of samples) await ensureSample(ports, sample)
  return samples
}

async function ensureSample(
  ports: ChangePorts,
  { name, product, primaryKey }: SampleSubscription,
): Promise<void> {
  const found = await ports.store.read(name)
  if (found?.primaryHash === hashKey(primaryKey)) return
  if (found === undefined) {
    const keys = { primaryKey, secondaryKey: newKey() }
    // Another gateway that starts on the same storage may be quicker.
    const added = await addSubscription(ports, { name, product, keys }).then(
      () => true,
      () => false,
    )
    if (added) return
  }
  await rotateKey(ports, name, 'primary', primaryKey)
}

async function readKeys(file: string): Promise<SampleKeys> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

async function writeKeys(folder: string, file: string, keys: SampleKeys): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(`${file}.${process.pid}`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.${process.pid}`, file)
}
