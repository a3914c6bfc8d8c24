import { gzipSync } from 'node:zlib'
import type { Cli } from '../cli.ts'
import { modelPath } from '../modelPath.ts'
import { writeOut } from '../writeOut.ts'

/** How a run is exported. */
export type ExportOptions = { out: string; withData?: boolean }

/** `retrain runs export`: one file of what a run was decided on; gzip where its name ends in `.gz`. */
export async function exportRun(
  cli: Cli,
  [customer, model, generation]: [string, string, number],
  { out, withData = false }: ExportOptions,
): Promise<void> {
  const path = modelPath(customer, model, 'runs', generation, 'export')
  const document = await cli.api.get<Record<string, unknown>>(path, { query: { data: withData } })
  const text = `${JSON.stringify(document, null, 1)}\n`
  await writeOut(out, out.endsWith('.gz') ? gzipSync(text) : text, 0o600)
  if (cli.json) return cli.out.json({ file: out, sizeBytes: Buffer.byteLength(text), withData })
  const rows = withData ? 'with its training rows' : 'without training rows'
  cli.out.line(`${out} written, ${rows}: npm run replay -- ${out} plays it again`)
}
