import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, bundleFile } from './build.ts'

const root = join(import.meta.dirname, '..')

/** What is deployed: the folder that azure.yaml and the Dockerfile name. */
export const packageFolder = join(root, 'dist', 'app')

/**
 * Builds the bundle and lays out what is deployed: it, `host.json`, and a `package.json` that names it and depends on
 * nothing. The folder is emptied first.
 */
export async function packageApp(folder = packageFolder): Promise<void> {
  await build()
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await copyFile(bundleFile, join(folder, 'main.js'))
  await copyFile(join(root, 'host.json'), join(folder, 'host.json'))
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(await packageJson(), null, 2)}\n`)
}

async function packageJson() {
  const { name, version, license, engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  return { name, version, private: true, license, engines, type: 'module', main: 'main.js' }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await packageApp()
  console.log('dist/app: main.js, host.json, package.json')
}
