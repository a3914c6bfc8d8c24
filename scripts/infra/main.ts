import { join } from 'node:path'
import { checkInfra } from './checkInfra.ts'
import { formatProblem } from './problem.ts'

/**
 * Checks the deployment's files without Azure, and prints one line a problem: `file:line: text`. The public schemas are
 * those of the folder `INFRA_SCHEMAS`, else of `shared/schemas` beside the repository; what needs them is skipped without.
 */
const root = join(import.meta.dirname, '..', '..')
const schemas = process.env.INFRA_SCHEMAS ?? join(root, '..', 'shared', 'schemas')
const { problems, skipped } = await checkInfra(root, schemas)
for (const line of skipped) console.log(`skipped: ${line}`)
for (const problem of problems) console.log(formatProblem(problem))
console.log(problems.length === 0 ? 'infra: no problems' : `infra: ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
