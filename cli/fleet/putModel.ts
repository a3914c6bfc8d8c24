import { ApiError } from '../apiErrors.ts'
import type { Cli } from '../cli.ts'
import { CliError, exitCodes } from '../errors.ts'
import { modelPath } from '../modelPath.ts'

/** What the app answers to PUT and DELETE of a model. Source: shared/api/routes/onboarding.ts. */
type Answer = { outcome: string; endpoint?: string; missing?: string }
type Key = { customerId: string; model: string }

/** How long an endpoint, or a run that ends, is waited for. */
const patienceMs = 180_000
const firstWaitMs = 500
const longestWaitMs = 8_000
const mostTries = 4

/** Makes a model known; waits until its endpoint answers. Throws what is still missing after three minutes. */
export function putModel(cli: Cli, key: Key, body: object): Promise<Answer> {
  return untilDone(cli, () => cli.api.put<Answer>(modelPath(key.customerId, key.model), { body }))
}

/** Off-boards a model; waits until its run has ended. */
export function removeModel(
  cli: Cli,
  key: Key,
  how: { reason: string; keepEndpoint: boolean },
): Promise<Answer> {
  const query = { endpoint: how.keepEndpoint ? 'keep' : 'delete' }
  const path = modelPath(key.customerId, key.model)
  return untilDone(cli, () => cli.api.remove<Answer>(path, { query, reason: how.reason }))
}

async function untilDone(cli: Cli, ask: () => Promise<Answer>): Promise<Answer> {
  const endsAtMs = cli.now() + patienceMs
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
    const answer = await asking(cli, ask)
    if (answer.outcome !== 'waiting') return answer
    if (cli.now() + waitMs > endsAtMs) {
      throw new CliError(`Cannot complete it yet: ${answer.missing}; the same command goes on`)
    }
    await cli.pause(waitMs)
  }
}

/** An app that is busy, or starts again, is asked a few times more. */
async function asking(cli: Cli, ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      if (!mayPass(error) || tries >= mostTries) throw error
      await cli.pause(firstWaitMs * 2 ** tries)
    }
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 503 || error.status === 429
  return error instanceof CliError && error.exitCode === exitCodes.unreachable
}
