import type { Limit } from '../products.ts'

/** Calls that were let in together; they count until `freeAtMs`. Instants are epoch milliseconds. */
export type Slot = { sinceMs: number; freeAtMs: number; count: number }

/** What counts now, oldest first. */
export type Slots = readonly Slot[]

/** A limit of a product: a sliding window, or a fixed one that began at `startsAtMs`. */
export type Window = Limit & ({ kind: 'rate' } | { kind: 'quota'; startsAtMs: number })

/** A window's calls are kept in at most about so many slots: the last call of a slot decides when all of it is free. */
const slotsPerPeriod = 60

const periodMs = ({ renewalPeriodSeconds }: Window) => renewalPeriodSeconds * 1000

/** The end of the fixed window that an instant is in. Pure. */
function windowEndMs(window: Window & { kind: 'quota' }, nowMs: number): number {
  const elapsed = Math.max(0, nowMs - window.startsAtMs)
  return window.startsAtMs + (Math.floor(elapsed / periodMs(window)) + 1) * periodMs(window)
}

/** When calls that are let in now, and used before `useByMs`, count no more. Pure. */
function freeAtMs(window: Window, nowMs: number, useByMs: number): number {
  return window.kind === 'rate' ? useByMs + periodMs(window) : windowEndMs(window, nowMs)
}

/** The latest moment at which calls taken now may be used: a fixed window's end comes before it. Pure. */
export function useByMs(window: Window, nowMs: number, leaseMs: number): number {
  const last = nowMs + leaseMs
  return window.kind === 'rate' ? last : Math.min(last, windowEndMs(window, nowMs) - 1)
}

/** Drops the slots that count no more. Pure. */
export function liveSlots(slots: Slots, nowMs: number): Slots {
  return slots.some((slot) => slot.freeAtMs <= nowMs) ? slots.filter((slot) => slot.freeAtMs > nowMs) : slots
}

/** How many calls may still be let in. `slots` are live ones. Pure. */
export function remaining(slots: Slots, window: Window): number {
  return slots.reduce((left, slot) => left - slot.count, window.calls)
}

/**
 * The slots with `count` more calls, to be used before `lastUseMs`. A young slot is extended, so that the window is a
 * counter and no log: what it lets in is never more than the limit in any period, and at most a sixtieth of it late. Pure.
 */
export function take(
  slots: Slots,
  window: Window,
  { count, nowMs, lastUseMs = nowMs }: { count: number; nowMs: number; lastUseMs?: number },
): Slots {
  const free = freeAtMs(window, nowMs, lastUseMs)
  const last = slots.at(-1)
  const isYoung = last !== undefined && nowMs - last.sinceMs < periodMs(window) / slotsPerPeriod
  if (last === undefined || !(window.kind === 'quota' ? last.freeAtMs === free : isYoung)) {
    return [...slots, { sinceMs: nowMs, freeAtMs: free, count }]
  }
  const extended = { ...last, freeAtMs: Math.max(last.freeAtMs, free), count: last.count + count }
  return [...slots.slice(0, -1), extended]
}

/** The slots after `count` calls of the slot that began at `sinceMs` were not used after all. Pure. */
export function giveBack(slots: Slots, count: number, sinceMs: number): Slots {
  const at = slots.findIndex((slot) => slot.sinceMs === sinceMs)
  return slots.map((slot, i) => (i === at ? { ...slot, count: Math.max(0, slot.count - count) } : slot))
}

/** When another call may be let in; a second from now where nothing counts. Pure. */
export function nextFreeAtMs(slots: Slots, nowMs: number): number {
  return slots.find((slot) => slot.count > 0)?.freeAtMs ?? nowMs + 1000
}

/** Whole seconds until another call may be let in, at least 1. Pure. */
export function retryAfterSeconds(slots: Slots, nowMs: number): number {
  return Math.max(1, Math.ceil((nextFreeAtMs(slots, nowMs) - nowMs) / 1000))
}
