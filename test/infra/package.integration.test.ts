import { mkdtemp, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ensureBundle } from '../../local/parts/bundle.ts'
import { bundleFile } from '../../scripts/build.ts'
import { packageApp } from '../../scripts/packageApp.ts'
import { root } from './folders.ts'

test('what is deployed is the bundle, host.json and a package.json that depends on nothing', async () => {
  await ensureBundle(root)
  const before = await open(bundleFile)
  onTestFinished(() => before.close())
  const parent = await mkdtemp(join(tmpdir(), 'package-'))
  const folder = join(parent, 'app')
  try {
    await packageApp(folder)
    // Built as a new file: a host that loads the one before meanwhile has it whole.
    expect((await stat(bundleFile)).ino).not.toBe((await before.stat()).ino)
    expect((await readdir(folder)).toSorted()).toEqual(['host.json', 'main.js', 'package.json'])
    const json = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    expect(json).toMatchObject({ type: 'module', main: 'main.js', engines: { node: '>=22.19' } })
    expect(Object.keys(json)).not.toContain('dependencies')
    expect(await readFile(join(folder, 'host.json'))).toEqual(await readFile(join(root, 'host.json')))
    const bundle = await readFile(join(folder, 'main.js'), 'utf8')
    const imports = [...bundle.matchAll(/(?:^|[;}])import[^"'()]*?["']([^"']+)["']/g)].map(
      ([, name = '']) => name,
    )
    expect(imports.filter((name) => !name.startsWith('node:') && /^[@a-z]+\//.test(name))).toEqual([])
  } finally {
    await rm(parent, { recursive: true })
  }
})
