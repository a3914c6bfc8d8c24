import { z } from 'zod'
import { exportRun } from '../../retraining/exportRun.ts'
import { showPassports } from '../../retraining/showPassport.ts'
import { runParams } from '../fields.ts'
import { noSuchRun } from '../notFound.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

const path = 'customers/{customerId}/models/{model}/runs/{generation}'
const mostOfChain = 50

const showPassport = defineRoute({
  name: 'showPassport',
  method: 'GET',
  path: `${path}/passport`,
  authLevel: 'function',
  topic: 'lineage',
  summary: 'Where a live model came from, to be checked offline; with `chain` the passports before it too',
  params: runParams,
  query: z.object({ chain: z.stringbool().default(false) }),
  answer: z.object({
    passports: z.array(z.record(z.string(), z.unknown())),
    more: z.boolean().meta({ description: 'Whether the chain goes on before the last of them' }),
  }),
  async handle(ports, { params, query }) {
    const passports = await showPassports(ports, params, { most: query.chain ? mostOfChain : 1 })
    if (passports === undefined) throw noSuchRun('show the passport of', params)
    if (passports.length === 0) {
      const detail = `Cannot show the passport of generation ${params.generation}: it was never live, or before there were passports`
      throw new Problem(404, 'no-passport', detail)
    }
    return { body: { passports, more: passports.at(-1)?.previous !== null } }
  },
})

const exportOfRun = defineRoute({
  name: 'exportRun',
  method: 'GET',
  path: `${path}/export`,
  authLevel: 'function',
  topic: 'lineage',
  summary: 'What one run was decided on, without secrets, to be played again by `npm run replay`',
  params: runParams,
  query: z.object({ data: z.stringbool().default(false) }),
  answer: z.record(z.string(), z.unknown()),
  async handle(ports, { params, query }) {
    const exported = await exportRun(ports, params, { withData: query.data })
    if (exported.kind === 'unknown') throw noSuchRun('export', params)
    if (exported.kind === 'refused') throw new Problem(422, 'not-exported', exported.reason)
    return { body: exported.file }
  },
})

/** Where models came from. */
export const lineageRoutes: readonly Route[] = [showPassport, exportOfRun]
