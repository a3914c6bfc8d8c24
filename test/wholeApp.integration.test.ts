import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withInstantsForReading } from '../shared/lib/instants.ts'
import { exportRun, type RunExport } from '../shared/retraining/exportRun.ts'
import type { RunKey } from '../shared/retraining/names.ts'
import { isEnded, type Run } from '../shared/retraining/run.ts'
import { showPassports } from '../shared/retraining/showPassport.ts'
import { parseExport } from './replay/readExport.ts'
import { replay } from './replay/replay.ts'
import { trainAgain } from './replay/trainAgain.ts'
import { patience } from './setup/patience.ts'
import { startWholeApp } from './wholeApp.ts'

let app: Awaited<ReturnType<typeof startWholeApp>>
beforeAll(async () => {
  app = await startWholeApp()
})
afterAll(async () => {
  await app.stop()
})

const model = 'birdstrikes'

async function drop(customerId: string, name: string, csv: string): Promise<void> {
  const blob = `${customerId}/${model}/${name}`
  await app.stores.containers.trainingData.put(blob, new TextEncoder().encode(csv), 'text/csv')
  await app.accept(blob)
}

/** A run's export with its rows, as it comes from the API. */
async function exported(key: RunKey): Promise<RunExport> {
  const found = await exportRun(app.ports, key, { withData: true })
  if (found.kind !== 'exported') throw new Error(found.kind)
  return parseExport(JSON.parse(JSON.stringify(withInstantsForReading(found.file))))
}

/** Plays the host until the customer's run has ended; answers it. */
function ended(customerId: string, generation: number): Promise<Run> {
  return reached(customerId, generation, (run) => isEnded(run.state))
}

/** Plays the host until the run is as wanted; answers it. */
async function reached(
  customerId: string,
  generation: number,
  isReached: (run: Run) => boolean,
): Promise<Run> {
  return vi.waitFor(async () => {
    await app.step()
    const run = (await app.ports.readRun({ customerId, model, generation }))?.value
    if (run === undefined || !isReached(run)) {
      throw new Error(`not yet: ${run?.state} ${run?.timeline.at(-1)?.text}`)
    }
    return run
  }, patience)
}

const next = await readFile(join(import.meta.dirname, '..', 'samples', 'southwest-next.csv'), 'utf8')

describe('the app with Azurite and the emulator', () => {
  test('a drop trains a real model and the endpoint answers with it', async () => {
    await drop('southwest', 'next.csv', next)
    const run = await ended('southwest', 1)
    expect(run).toMatchObject({ state: 'live', warrant: 'firstModel', evidence: 'location and probe row' })
    expect(run.metrics?.AUC).toBeGreaterThan(0.5)
    expect(run.metrics?.AUC).toBeLessThanOrEqual(1)
  })

  test('its passport names the model file, and its export is played again and trained again to the same bytes', async () => {
    const key = { customerId: 'southwest', model, generation: 1 }
    await vi.waitFor(async () => {
      await app.step()
      expect((await app.ports.readHead(key))?.value.untold).toBeUndefined()
    }, patience)
    const [passport] = (await showPassports(app.ports, key, { most: 1 })) ?? []
    const run = (await app.ports.readRun(key))?.value
    expect(passport).toMatchObject({ sequence: 1, modelFile: run?.archive?.model })
    const file = await exported(key)
    expect(await replay(file)).not.toHaveProperty('difference')
    expect(await trainAgain(file)).toMatchObject({ kind: 'same', sha256: passport?.modelFile.sha256 })
  })

  test('a file that is no such CSV fails with the reason, and the live model stays', async () => {
    await drop('southwest', 'bad.csv', 'a,b\n1,2\n')
    const run = await ended('southwest', 2)
    expect(run.state).toBe('failed')
    expect(run.reason).toMatch(/column/i)
    const file = await exported({ customerId: 'southwest', model, generation: 2 })
    expect(await replay(file)).not.toHaveProperty('difference')
    expect(JSON.stringify(file)).not.toMatch(/sig=(?!\[cut\])|AccountKey=|Bearer /)
    expect((await app.ports.readHead({ customerId: 'southwest', model }))?.value).toMatchObject({ live: 1 })
  })

  test('a job that failed with our SAS in its details leaves no token in rows and log', async () => {
    await app.fault({ kind: 'failJobWithSas' })
    await drop('us-airways', 'next.csv', next)
    const isNamed = (run: Run) => JSON.stringify(run.timeline).includes('job failed')
    await reached('us-airways', 1, isNamed)
    const { rows } = await app.stores.tables.models.scan({ size: 1_000 })
    expect(JSON.stringify([rows, app.lines])).not.toMatch(/sig=(?!\[cut\])/)
  })

  test('a wrong resource name is refused before a job is paid for, with the names there are', async () => {
    const key = { customerId: 'american', model }
    const known = await app.ports.readSettings(key)
    if (known === undefined) throw new Error('no settings')
    await app.ports.putSettings({
      ...known,
      endpoint: { ...known.endpoint, resourceName: 'Wrong [trained model]' },
    })
    await drop('american', 'next.csv', next)
    const run = await ended('american', 1)
    expect(run.state).toBe('failed')
    expect(run.jobId).toBeUndefined()
    expect(run.reason).toContain('it has "Bird Strikes [trained model]"')
    await app.ports.putSettings(known)
  })

  test('a PATCH that shows the new location while the old model stays is not live', async () => {
    await app.fault({ kind: 'patchKeepsModel' })
    await drop('american', 'again.csv', `${next}1999-01-01,Climb,Day,Small,American robin,145,no\n`)
    const run = await reached('american', 2, (run) => (run.update?.check?.count ?? 0) > 0)
    expect(run.state).toBe('updating')
    expect(run.timeline.at(-1)?.text).toBe('not live yet: it scores the probe row as before')
  })

  test('a drop of an unknown customer is unclaimed and starts nothing', async () => {
    await drop('nobody', 'x.csv', next)
    const { drops } = await app.ports.readUnclaimed({ size: 10 })
    expect(drops).toMatchObject([{ name: 'nobody/birdstrikes/x.csv' }])
  })
})
