import { hostTimes } from './app.ts'
import type { FaultsResult } from './runFaults.ts'

/** The last line of `--json`. All but the first four have to be 0. */
export type FaultsJson = {
  runs: number
  drops: number
  kills: number
  cuts: number
  lostDrops: number
  startedTwice: number
  backwards: number
  secretsFound: number
  pending: number
}

/** The result as numbers. Wrong contents count as lost drops. Pure. */
export function toJson({ audit, done, drops, wrongContents, secrets }: FaultsResult): FaultsJson {
  return {
    runs: Object.values(audit.ended).reduce((sum, count) => sum + count, 0),
    drops,
    kills: done.kills,
    cuts: done.cuts,
    lostDrops: audit.drops.lost.length + wrongContents.length,
    startedTwice: audit.startedTwice.length,
    backwards: audit.endpoints.backwards.length,
    secretsFound: secrets.length,
    pending: audit.pending.length,
  }
}

/** Whether everything that has to be 0 is. Pure. */
export function held({ lostDrops, startedTwice, backwards, secretsFound, pending }: FaultsJson): boolean {
  return lostDrops + startedTwice + backwards + secretsFound + pending === 0
}

const mostLines = 20

/** What was done and what held, as lines for people. Pure. */
export function renderReport(result: FaultsResult): string[] {
  const { audit, done, secrets, wrongContents } = result
  const json = toJson(result)
  const { inGeneration, unchanged, overwritten } = audit.drops
  return [
    '',
    `${result.seconds.toFixed(0)} s with seed ${result.seed}; dequeue lease ${hostTimes.dequeueLeaseSeconds} s, lock lease ${hostTimes.lockLeaseSeconds} s (broken so long after a kill)`,
    `done: ${json.kills} kills, ${json.cuts} cuts: ${counted(done.counts)}`,
    `runs: ${json.runs} ended: ${counted(audit.ended)}`,
    `drops: ${json.drops}: ${inGeneration} in a generation, ${unchanged} unchanged, ${overwritten} overwritten before anybody looked`,
    `models put back after one that came to nothing: ${audit.endpoints.putBack}; parts that ended by themselves: ${result.ownEnds}`,
    '',
    ...listed('lost drops', [...audit.drops.lost, ...wrongContents]),
    ...listed('jobs started twice in an attempt', audit.startedTwice),
    ...listed('steps backwards', audit.endpoints.backwards),
    ...listed(
      'secrets found',
      secrets.map(({ secret, form, where }) => `${secret}, ${form}, in ${where}`),
    ),
    ...listed('pending', audit.pending),
  ]
}

function listed(what: string, found: readonly string[]): string[] {
  const more = found.length > mostLines ? [`    and ${found.length - mostLines} more`] : []
  return [
    `${String(found.length).padStart(5)} ${what}`,
    ...found.slice(0, mostLines).map((line) => `    ${line}`),
    ...more,
  ]
}

function counted(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`)
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}
