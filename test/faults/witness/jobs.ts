import type { WitnessedJob } from './emulator.ts'
import type { StoredModel } from './storage.ts'

/**
 * Finds jobs that were started though an earlier one on the same training set (the same generation) was not over: a next
 * attempt may start only after the one before was seen Failed or Cancelled. A started job whose input belongs to no
 * generation counts, too. Pure.
 */
export function findStartedTwice(jobs: readonly WitnessedJob[], models: readonly StoredModel[]): string[] {
  const inputs = new Map<string, string>()
  for (const { customerId, generations } of models) {
    for (const { generation, input } of generations) {
      if (input !== undefined) inputs.set(`training-sets/${input}`, `${customerId}, generation ${generation}`)
    }
  }
  const started = jobs
    .filter((job) => job.startedAt !== null)
    .toSorted((one, other) => Date.parse(one.startedAt ?? '') - Date.parse(other.startedAt ?? ''))
  const problems: string[] = []
  for (const [input, group] of Map.groupBy(started, (job) => job.input ?? '')) {
    const of = inputs.get(input)
    if (of === undefined)
      problems.push(`job ${group[0]?.id} was started on ${input}, which no generation names`)
    for (const [at, job] of group.entries()) {
      const before = group[at - 1]
      if (before !== undefined && !isOverBefore(before, job)) {
        problems.push(`${of}: job ${job.id} was started while ${before.id} was ${before.status}`)
      }
    }
  }
  return problems
}

function isOverBefore(before: WitnessedJob, job: WitnessedJob): boolean {
  if (before.status !== 'Failed' && before.status !== 'Cancelled') return false
  return Date.parse(before.finishedAt ?? '') <= Date.parse(job.startedAt ?? '')
}
