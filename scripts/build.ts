import { stat } from 'node:fs/promises'
import { join } from 'node:path'
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
  await bundle({
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
  return { sizeBytes: (await stat(bundleFile)).size }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { sizeBytes } = await build()
  console.log(`dist/main.js: ${(sizeBytes / 1024 / 1024).toFixed(2)} MB`)
}
