import { writeFile } from 'node:fs/promises'
import { UsageError } from './errors.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  EISDIR: 'it is a folder',
  EACCES: 'it is not allowed',
  EROFS: 'it is not allowed',
  ENOSPC: 'the disk is full',
}

/** Writes the file that `--out` names; throws UsageError where that can't be done. */
export async function writeOut(file: string, content: string | Uint8Array, mode?: number): Promise<void> {
  try {
    await writeFile(file, content, mode === undefined ? {} : { mode })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new UsageError(`Cannot write ${file}: ${reasons[code] ?? code}`, { cause: error })
  }
}
