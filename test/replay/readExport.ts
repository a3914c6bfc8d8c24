import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import type { RunExport } from '../../shared/retraining/exportRun.ts'

/** Reads a file of `retrain runs export`, compressed or not. Throws an Error that says what is wrong with it. */
export async function readExport(path: string): Promise<RunExport> {
  return parseExport(await readJson(path))
}

async function readJson(path: string): Promise<unknown> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'there is no such file' : cause.code
    throw new Error(`Cannot read ${path}: ${reason}`, { cause })
  })
  try {
    return JSON.parse((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8'))
  } catch (cause) {
    throw new Error(`Cannot replay ${path}: it is no export of a run`, { cause })
  }
}

/** The export in an answer of the API, with instants as numbers again. */
export function parseExport(document: unknown): RunExport {
  const { format, run, manifest } = (document ?? {}) as Partial<RunExport>
  if (format !== 'retrain-run/1') throw new Error('Cannot replay: it is no export of a run')
  const found = { ...(document as RunExport), run: withNumbers(run), manifest: withNumbers(manifest) }
  return found as RunExport
}

/** `at` and `...At` that hold a text are instants; the answers of services are text as a whole. */
function withNumbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNumbers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) =>
      /(?:^a|A)t$/.test(name) && typeof entry === 'string'
        ? [`${name}Ms`, Date.parse(entry)]
        : [name, withNumbers(entry)],
    ),
  )
}
