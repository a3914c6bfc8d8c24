import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Model files of the emulator, each once, by the SHA-256 of its bytes. */
export type ModelFiles = {
  /** Keeps the bytes; resolves to their id when they are on the disk. */
  keep(bytes: Uint8Array): Promise<string>
  read(model: string): Promise<Buffer>
  path(model: string): string
  /** Removes the files that `isUsed` denies and that are older than an hour (younger ones may be in a PATCH under way). */
  sweep(isUsed: (model: string) => boolean, nowMs: number): Promise<void>
}

const hourMs = 3_600_000
const suffix = '.ilearner'

/** Opens (or creates) the folder of model files. */
export async function openModelFiles(folder: string): Promise<ModelFiles> {
  await mkdir(folder, { recursive: true })
  const path = (model: string) => join(folder, `${model}${suffix}`)
  return {
    path,
    read: (model) => readFile(path(model)),
    async keep(bytes) {
      const model = createHash('sha256').update(bytes).digest('hex')
      const temporary = join(folder, `${randomUUID()}.new`)
      const handle = await open(temporary, 'w', 0o600)
      await handle.writeFile(bytes)
      await handle.sync()
      await handle.close()
      await rename(temporary, path(model))
      return model
    },
    async sweep(isUsed, nowMs) {
      for (const name of await readdir(folder)) {
        const file = join(folder, name)
        const kept = name.endsWith(suffix) && isUsed(name.slice(0, -suffix.length))
        if (!kept && (await writtenMs(file)) < nowMs - hourMs) await rm(file, { force: true })
      }
    },
  }
}

/** When a file was last written; Infinity where it is gone: one that was being kept has got its name meanwhile. */
async function writtenMs(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Number.POSITIVE_INFINITY
    throw error
  }
}
