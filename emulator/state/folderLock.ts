import { open, readFile, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { identityOf, isAlive, type ProcessIdentity } from './processIdentity.ts'

/** Who holds a data folder: a process, and the folder it meant (a copied folder is not held). */
type Holder = ProcessIdentity & { folder: string }

/**
 * Takes the data folder for this process; throws while another living process has it. Answers the release. A lock that
 * a killed process left behind is taken over.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'lock')
  const own: Holder = { ...identityOf(process.pid), folder: await realpath(folder) }
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = await open(file, 'wx', 0o600)
      await handle.writeFile(JSON.stringify(own))
      await handle.close()
      return () => rm(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const holder = await readHolder(file)
      if (holder !== undefined && holder.folder === own.folder && isAlive(holder)) {
        throw new Error(`Cannot open data folder ${folder}: process ${holder.pid} has it open`)
      }
      await rm(file, { force: true })
    }
  }
  throw new Error(`Cannot open data folder ${folder}: another process is opening it`)
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder
  } catch {
    // Half-written by a process that was killed: nobody has it.
    return undefined
  }
}
