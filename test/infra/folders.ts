import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkInfra } from '../../scripts/infra/checkInfra.ts'
import { formatProblem } from '../../scripts/infra/problem.ts'

/** The repository. */
export const root = join(import.meta.dirname, '..', '..')

/** Public schemas beside the repository; absent on most machines. */
export const schemas = process.env.INFRA_SCHEMAS ?? join(root, '..', 'shared', 'schemas')

/** Whether the checks by public schemas can run; says so once where they cannot. */
export const hasSchemas = existsSync(schemas)
if (!hasSchemas)
  console.log('skipped: checks of infra by public schemas, since there is no ../shared/schemas')

/** A copy of the deployment with one text replaced; answers the line of the replacement. */
export function plant(file: string, from: string, to: string): { folder: string; line: number } {
  const folder = mkdtempSync(join(tmpdir(), 'infra-'))
  cpSync(join(root, 'infra'), join(folder, 'infra'), { recursive: true })
  cpSync(join(root, 'azure.yaml'), join(folder, 'azure.yaml'))
  const text = readFileSync(join(folder, file), 'utf8')
  const at = text.indexOf(from)
  if (at < 0) throw new Error(`Cannot plant a mistake: ${file} has no ${from}`)
  writeFileSync(
    join(folder, file),
    text.replace(from, () => to),
  )
  return { folder, line: text.slice(0, at).split('\n').length }
}

/** A text that is replaced, and the message that is due at its line, or `offset` lines below. */
export type Mistake = [when: string, file: string, from: string, to: string, then: string, offset?: number]

/** What the check says of the mistake, and where its message is due. */
export async function plantAndCheck([, file, from, to, , offset = 0]: Mistake, schemaFolder: string) {
  const { folder, line } = plant(file, from, to)
  try {
    const { problems } = await checkInfra(folder, schemaFolder)
    return { at: `${file}:${line + offset}`, messages: problems.map(formatProblem) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
