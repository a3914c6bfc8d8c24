import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build, bundleFile } from '../../scripts/build.ts'

/** What the bundle is made of: folders and files of the project. */
const sources = ['functions', 'shared', 'package.json', 'package-lock.json']

/** Builds `dist/main.js` where it is missing or older than its sources. */
export async function ensureBundle(root: string): Promise<'built' | 'fresh'> {
  const builtAtMs = statSync(bundleFile, { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (sources.every((source) => newestMs(join(root, source)) < builtAtMs)) return 'fresh'
  await build()
  return 'built'
}

/** When the newest file of a folder (or the file itself) was changed, epoch milliseconds. */
function newestMs(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return 0
  if (!found.isDirectory()) return found.mtimeMs
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}
