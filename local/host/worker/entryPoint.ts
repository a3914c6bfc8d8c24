import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The files that package.json's `main` names (a glob). The real host says nothing when there is none and finds zero
 * functions; this one throws. Source: functions-host.md 1.1, 1.5.
 */
export async function findEntryPoints(root: string): Promise<string[]> {
  const main = await readMain(root)
  const files: string[] = []
  for await (const file of glob(main, { cwd: root })) files.push(join(root, file))
  if (files.length === 0)
    throw new Error(`Cannot load the app: no file fits "main" of package.json, "${main}"`)
  return files.sort()
}

async function readMain(root: string): Promise<string> {
  const file = join(root, 'package.json')
  let parsed: { main?: unknown }
  try {
    parsed = JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new Error(`Cannot load the app: ${file} can't be read`, { cause })
  }
  if (typeof parsed.main === 'string' && parsed.main !== '') return parsed.main
  throw new Error(`Cannot load the app: ${file} has no "main"`)
}
