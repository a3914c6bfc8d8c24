import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { type AppStorage, uploadDrop } from '../setup/appStorage.ts'
import type { Command } from './parseCommand.ts'
import { UsageError } from './usage.ts'

type Drop = Extract<Command, { kind: 'drop' }>

/** Refuses a file that is not there, is a folder or is empty: a zero-length blob is no drop. Answers its size. */
export function checkFile(file: string): number {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) throw new UsageError(`Cannot drop ${file}: there is no such file`)
  if (!found.isFile()) throw new UsageError(`Cannot drop ${file}: it is no file`)
  if (found.size === 0) throw new UsageError(`Cannot drop ${file}: it is empty`)
  return found.size
}

/** What a drop prints, and the exit code: 2 when nobody known has the model, as a program would take its drop for accepted. */
export type Dropped = { lines: string[]; exitCode: 0 | 2 }

/** Uploads the file to `training-data`. An unknown customer or model is said, and dropped all the same. */
export async function drop(
  storage: Pick<AppStorage, 'tables' | 'trainingData'>,
  command: Drop,
): Promise<Dropped> {
  const sizeBytes = checkFile(command.file)
  const { customerId, model, blobName } = command
  const isKnown = (await storage.tables.readSettings(command)) !== undefined
  const before = await storage.trainingData.facts(blobName)
  const isUnchanged = before?.sizeBytes === sizeBytes && before.md5 === (await md5Of(command.file))
  await uploadDrop(storage.trainingData, blobName, command.file)
  const result = {
    customer: customerId,
    model,
    blob: `training-data/${blobName}`,
    sizeBytes,
    isKnown,
    isUnchanged,
  }
  const lines = command.isJson ? [JSON.stringify(result)] : linesOf(command.file, result)
  return { lines, exitCode: isKnown ? 0 : 2 }
}

type Result = {
  customer: string
  model: string
  blob: string
  sizeBytes: number
  isKnown: boolean
  isUnchanged: boolean
}

function linesOf(file: string, { customer, model, blob, sizeBytes, isKnown, isUnchanged }: Result): string[] {
  const dropped = `dropped ${file} (${sizeBytes} bytes) as ${blob}`
  if (!isKnown)
    return [dropped, `customer ${customer} has no model ${model}: the drop is unclaimed until it is added`]
  if (!isUnchanged) return [dropped]
  const unchanged = 'the same content was there already: it is recorded as unchanged and trains nothing'
  return [dropped, `${unchanged} (--name gives it another name)`]
}

/** Base64 MD5, as the blob service answers it. */
async function md5Of(file: string): Promise<string> {
  const hash = createHash('md5')
  await pipeline(createReadStream(file), hash)
  return hash.digest('base64')
}
