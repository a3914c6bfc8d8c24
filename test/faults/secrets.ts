import { readFileSync } from 'node:fs'
import { type Finding, type Sink, searchSecrets } from '../secrets/search.ts'
import { storageSinks } from '../secrets/sinks.ts'
import type { Rig } from './rig.ts'

/** The emulator's own outputs hold its models; training data and models are data. */
const dataContainers = new Set(['training-data', 'models', 'experimentoutput'])

/** Searches the whole account and the hosts' logs for every secret the app was given, and for anything that looks like one. */
export async function findSecrets(rig: Rig): Promise<Finding[]> {
  const sinks: Sink[] = rig.hostLogs.map((file) => ({ where: file, text: readFileSync(file, 'utf8') }))
  for await (const sink of storageSinks(rig.connectionString, (name) => dataContainers.has(name))) {
    sinks.push(sink)
  }
  return searchSecrets(rig.secrets, sinks)
}
