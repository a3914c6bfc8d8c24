import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build as bundle } from 'esbuild'

const root = join(import.meta.dirname, '..')

/** The bundle that the Functions host loads: what `main` in package.json names. */
export const bundleFile = join(root, 'dist', 'main.js')

/**
 * Bundles `functions/` into one ESM file. `@azure/functions-core` is no package: the host's worker provides it through
 * `require`, so the bundle gets a real `require`.
 */
export async function build(): Promise<{ sizeBytes: number }> {
  const { outputFiles } = await bundle({
    write: false,
    entryPoints: [join(root, 'functions', 'main.ts')],
    outfile: bundleFile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    minify: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    external: ['@azure/functions-core'],
    alias: { 'apache-arrow': join(import.meta.dirname, 'noArrow.ts') },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  })
  // The source map first: nobody finds a bundle without one.
  for (const { path, contents } of outputFiles.toReversed()) await replaceFile(path, contents)
  return { sizeBytes: (await stat(bundleFile)).size }
}

/** A host may load the file at any time, and another build may write it: there is the old one or the new one, never half of it. */
async function replaceFile(path: string, contents: Uint8Array): Promise<void> {
  const fresh = `${path}.${process.pid}-${randomUUID()}`
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(fresh, contents)
    await rename(fresh, path)
  } finally {
    await rm(fresh, { force: true })
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { sizeBytes } = await build()
  console.log(`dist/main.js: ${(sizeBytes / 1024 / 1024).toFixed(2)} MB`)
}
