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

/** Uploads the file to `training-data`; answers the lines to print. An unknown customer is said, and dropped all the same. */
export async function drop(
  storage: Pick<AppStorage, 'tables' | 'trainingData'>,
  command: Drop,
): Promise<string[]> {
  const sizeBytes = checkFile(command.file)
  const { customerId, model, blobName } = command
  const isKnown = (await storage.tables.readSettings(command)) !== undefined
  const before = await storage.trainingData.facts(blobName)
  const isUnchanged = before?.sizeBytes === sizeBytes && before.md5 === (await md5Of(command.file))
  await uploadDrop(storage.trainingData, blobName, command.file)
  const blob = `training-data/${blobName}`
  if (command.isJson)
    return [JSON.stringify({ customer: customerId, model, blob, sizeBytes, isKnown, isUnchanged })]
  return [
    `dropped ${command.file} (${sizeBytes} bytes) as ${blob}`,
    ...(isKnown
      ? []
      : [`customer ${customerId} has no model ${model}: the drop is unclaimed until it is added`]),
    ...(isKnown && isUnchanged
      ? [
          'the same content was there already: it is recorded as unchanged and trains nothing (--name gives it another name)',
        ]
      : []),
  ]
}

/** Base64 MD5, as the blob service answers it. */
async function md5Of(file: string): Promise<string> {
  const hash = createHash('md5')
  await pipeline(createReadStream(file), hash)
  return hash.digest('base64')
}
