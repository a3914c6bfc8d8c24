import { expect, test } from 'vitest'
import { createPermits } from '../../../emulator/jobs/permits.ts'

/** Asks for `count` permits; `granted` fills with their numbers, in the order they were given. */
function requests(limit: number, count: number) {
  const permits = createPermits(limit)
  const granted: number[] = []
  const releases = Array.from({ length: count }, (_, at) => permits.request('e', () => granted.push(at)))
  return { permits, granted, release: (at: number) => releases[at]?.() }
}

test('as many as allowed are granted at once, the rest in order as they are given back', () => {
  const { permits, granted, release } = requests(2, 4)
  expect(granted).toEqual([0, 1])
  release(1)
  release(1)
  expect([granted, permits.inUse('e')]).toEqual([[0, 1, 2], 2])
})

test('one that leaves the queue is passed over', () => {
  const { permits, granted, release } = requests(1, 3)
  release(1)
  release(0)
  expect(granted).toEqual([0, 2])
  release(2)
  expect(permits.inUse('e')).toBe(0)
})

test('endpoints do not wait for each other', () => {
  const { permits } = requests(1, 2)
  const granted: string[] = []
  permits.request('other', () => granted.push('other'))
  expect(granted).toEqual(['other'])
})
