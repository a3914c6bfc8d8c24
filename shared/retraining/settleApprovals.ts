import { type EndRunPorts, endRun } from './endRun.ts'
import type { Head } from './head.ts'
import type { ModelKey } from './names.ts'
import type { Run } from './run.ts'
import type { ModelSettings } from './settings.ts'
import type { SettingsStore } from './stores.ts'

/** What ending approvals that nobody gave needs. */
export type SettleApprovalsPorts = EndRunPorts & Pick<SettingsStore, 'readSettings'>

const usualDays = 14
/** The head names each, and is read at every step: hundreds would fill its cell, and nobody decides on so many. */
const mostWaiting = 100
const dayMs = 24 * 3_600_000

/** Ends the runs whose approval is no longer needed, since a newer one updated or a hundred newer ones wait, or took too long. */
export async function settleApprovals(ports: SettleApprovalsPorts, key: ModelKey, head: Head): Promise<void> {
  if (head.awaiting === undefined) return
  const { customerId, model } = key
  const settings = await ports.readSettings(key)
  for (const generation of head.awaiting) {
    const run = (await ports.readRun({ customerId, model, generation }))?.value
    const end = run && endOfWaiting(run, head, settings, ports.now())
    if (run !== undefined && end !== undefined) await endRun(ports, run, end)
  }
}

/** How a run's waiting for approval ends; undefined while it goes on. Pure. */
export function endOfWaiting(
  run: Run,
  head: Head,
  settings: Pick<ModelSettings, 'approvalDays'> | undefined,
  nowMs: number,
): { state: 'superseded' | 'rejected'; reason: string; blameless?: boolean } | undefined {
  if (run.state !== 'awaitingApproval' || run.warrant !== undefined) return undefined
  if (head.live !== undefined && head.live > run.generation) {
    return { state: 'superseded', reason: `generation ${head.live} is live` }
  }
  const newer = head.awaiting?.filter((other) => other > run.generation).length ?? 0
  if (newer >= mostWaiting) return { state: 'superseded', reason: `${newer} newer ones wait for an approval` }
  const days = settings?.approvalDays ?? usualDays
  if (nowMs - (run.trainedAtMs ?? run.openedAtMs) < days * dayMs) return undefined
  return { state: 'rejected', reason: `nobody approved it for ${days} days`, blameless: true }
}
