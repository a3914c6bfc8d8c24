import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The oldest Node that runs TypeScript files and the Azure SDKs: [major, minor]. */
const oldest = [22, 19]

/** Whether a Node of this version (`24.1.0`) is new enough. Plain JavaScript: any Node from 18 has to parse this file. */
export function isNewEnough(version) {
  const parts = version.split('.').map(Number)
  return parts[0] > oldest[0] || (parts[0] === oldest[0] && parts[1] >= oldest[1])
}

/**
 * The Node to run on: `{ node }` is the one in node_modules where it is there, else this one if it is new enough;
 * `{ problem }` is one line that says what to install.
 */
export function findNode(folder = root, own = process) {
  const modules = join(folder, 'node_modules')
  if (!existsSync(modules))
    return { problem: `Cannot run ${folder}: its packages are missing: run npm ci first` }
  const packaged = join(modules, 'node', 'bin', own.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(packaged)) return { node: packaged }
  if (isNewEnough(own.versions.node)) return { node: own.execPath }
  return {
    problem: `Cannot run on Node ${own.versions.node}: install Node ${oldest.join('.')} or newer (24 is best), or run npm ci without --omit=optional and --ignore-scripts`,
  }
}
