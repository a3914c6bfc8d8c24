/** What happens next, on a virtual clock: events in order of time, of one time in the order they were entered. */
export type Agenda = {
  /** Epoch milliseconds. */
  now(): number
  after(delayMs: number, event: () => void): void
  /** Moves the clock to the next event and runs it; false when there is none. */
  runNext(): boolean
  size(): number
}

type Entry = { atMs: number; order: number; event: () => void }

/** An empty agenda (a binary heap). */
export function createAgenda(startMs = Date.UTC(2026, 0, 1)): Agenda {
  const heap: Entry[] = []
  let nowMs = startMs
  let order = 0
  return {
    now: () => nowMs,
    size: () => heap.length,
    after(delayMs, event) {
      heap.push({ atMs: nowMs + Math.max(0, Math.round(delayMs)), order: order++, event })
      rise(heap, heap.length - 1)
    },
    runNext() {
      const first = heap[0]
      if (first === undefined) return false
      const last = heap.pop() as Entry
      if (heap.length > 0) {
        heap[0] = last
        sink(heap, 0)
      }
      nowMs = first.atMs
      first.event()
      return true
    },
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.atMs === other.atMs ? one.order < other.order : one.atMs < other.atMs
}

function rise(heap: Entry[], from: number): void {
  let at = from
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!isBefore(heap[at] as Entry, heap[parent] as Entry)) return
    swap(heap, at, parent)
    at = parent
  }
}

function sink(heap: Entry[], from: number): void {
  let at = from
  for (;;) {
    const left = 2 * at + 1
    const right = left + 1
    let least = at
    if (left < heap.length && isBefore(heap[left] as Entry, heap[least] as Entry)) least = left
    if (right < heap.length && isBefore(heap[right] as Entry, heap[least] as Entry)) least = right
    if (least === at) return
    swap(heap, at, least)
    at = least
  }
}

function swap(heap: Entry[], one: number, other: number): void {
  const entry = heap[one] as Entry
  heap[one] = heap[other] as Entry
  heap[other] = entry
}
