import type { Cells, StoredRow } from '../../shared/lib/tableStore.ts'
import { refuseNewer, rowVersion } from '../storage/rowVersion.ts'
import { addTo, type Histogram, quantileMs } from './histogram.ts'

/** What one subscription called of one operation in one hour. */
export type Rollup = {
  subscription: string
  /** The hour's first instant. */
  hourMs: number
  /** The operation's id. */
  operation: string
  /** All calls, whatever came of them. */
  calls: number
  /** Refused by the gateway: 401, 403, 429, 503. */
  blocked: number
  /** Passed on and answered with 400 or more, or not at all. */
  failed: number
  /** Bodies of requests and of answers. */
  bytesIn: number
  bytesOut: number
  /** Of the calls that were passed on, from the request's head to the answer's end. */
  latencies: Histogram
}

/** Calls whose key is missing or nobody's are counted under this name. */
export const nobody = '(no subscription)'

export const hourLengthMs = 3_600_000

/** An empty rollup of the hour that an instant is in. Pure. */
export function emptyRollup(subscription: string, operation: string, nowMs: number): Rollup {
  const hourMs = Math.floor(nowMs / hourLengthMs) * hourLengthMs
  const none = { calls: 0, blocked: 0, failed: 0, bytesIn: 0, bytesOut: 0 }
  return { subscription, operation, hourMs, ...none, latencies: new Map() }
}

/** Adds the figures of `from` to `to`. */
export function mergeInto(to: Rollup, from: Rollup): void {
  for (const name of ['calls', 'blocked', 'failed', 'bytesIn', 'bytesOut'] as const) to[name] += from[name]
  for (const [bucket, count] of from.latencies) addTo(to.latencies, bucket, count)
}

/** Row keys from an hour on: `2026-01-31T09|...` sorts by time. Pure. */
export function hourKey(hourMs: number): string {
  return new Date(hourMs).toISOString().slice(0, 13)
}

/** PK subscription, RK `hour|operation|instance`: each process writes rows of its own, so that none waits for another. */
export function encodeRollup(rollup: Rollup, instance: string) {
  const { subscription, hourMs, operation, latencies, ...figures } = rollup
  const cells: Cells = {
    ...rowVersion,
    ...figures,
    p50Ms: quantileMs(latencies, 0.5),
    p95Ms: quantileMs(latencies, 0.95),
    latencies: JSON.stringify([...latencies]),
  }
  return { partitionKey: subscription, rowKey: `${hourKey(hourMs)}|${operation}|${instance}`, cells }
}

/** Reads a row; throws an Error that names it where it is none of a rollup. */
export function decodeRollup({ partitionKey, rowKey, cells }: StoredRow): Rollup {
  refuseNewer(`usage ${partitionKey} ${rowKey}`, cells)
  const [hour = '', operation = ''] = rowKey.split('|')
  const hourMs = Date.parse(`${hour}:00:00Z`)
  const latencies: unknown = JSON.parse(String(cells.latencies ?? '[]'))
  if (Number.isNaN(hourMs) || !Array.isArray(latencies)) {
    throw new Error(`Cannot read usage ${partitionKey} ${rowKey}: it is no rollup`)
  }
  const figure = (name: string) => Number(cells[name] ?? 0)
  return {
    subscription: partitionKey,
    hourMs,
    operation,
    calls: figure('calls'),
    blocked: figure('blocked'),
    failed: figure('failed'),
    bytesIn: figure('bytesIn'),
    bytesOut: figure('bytesOut'),
    latencies: new Map(latencies),
  }
}
