import { describe, expect, test } from 'vitest'
import { countsLine, renderStorm, type StormView } from './stormScreen.ts'
import type { Audit } from './witness/audit.ts'
import type { StoredModel } from './witness/storage.ts'

const stored = (customerId: string, states: string[], waiting = 0): StoredModel => ({
  ...{ customerId, head: {}, records: new Map(), waiting },
  generations: states.map((state, at) => ({ generation: at + 1, state, reason: '', drops: [] })),
})
const audit: Audit = {
  models: [
    stored('a', ['live', 'training']),
    stored('b', ['superseded', 'live']),
    stored('c', [], 2),
    stored('d', ['failed']),
    stored('e', ['submitted'], 3),
  ],
  ended: { live: 2, failed: 1 },
  open: ['a', 'e'],
  drops: { inGeneration: 7, unchanged: 0, overwritten: 0, waiting: 2, lost: ['x'] },
  startedTwice: [],
  endpoints: { backwards: [], putBack: 0, astray: [] },
  pending: [],
}
const view: StormView = {
  seconds: 65.4,
  customers: ['a', 'b', 'c', 'd', 'e', 'f'],
  dropped: 9,
  audit,
  done: { host: 2 },
  said: ['one', 'two', 'three', 'four'],
  hosts: [true, false],
}

describe('the screen', () => {
  const lines = renderStorm(view, 80, false)
  test('has a letter for each customer', () => expect(lines).toContain(' T#+!q.'))
  test('says which host is down', () => expect(lines[0]).toContain('host 1 up, host 2 down, 1:05'))
  test('shows the last three things that happened', () => {
    expect(lines.filter((line) => /^ {2}(one|two|three|four)$/.test(line))).toEqual([
      '  two',
      '  three',
      '  four',
    ])
  })
  test('ends with what the witnesses count', () => {
    expect(lines.at(-1)).toBe(
      'dropped 9   in a generation 7   waiting 2   lost 1   started twice 0   backwards 0',
    )
  })
  test('colours what is broken red', () => {
    expect(countsLine(view, (text, code) => `${code}(${text})`)).toContain('31(lost 1)   32(started twice 0)')
  })
  test('breaks a large fleet into rows', () => {
    const many = { ...view, customers: Array.from({ length: 30 }, (_none, at) => `x${at}`) }
    expect(renderStorm(many, 20, false).filter((line) => /^ \.+$/.test(line))).toEqual([
      ` ${'.'.repeat(18)}`,
      ` ${'.'.repeat(12)}`,
    ])
  })
})
