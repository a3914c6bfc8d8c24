import { expect, test } from 'vitest'
import type { ApiClient, Query } from '../../cli/apiClient.ts'
import type { Watched } from '../../cli/watch/changes.ts'
import { createReader } from '../../cli/watch/readModels.ts'

const model = (customerId: string, state: Watched['state']): Watched => ({
  customerId,
  model: 'census',
  state,
})
type Page = { items: Watched[]; continuation?: string; mark?: string }

function readerOver(pages: Page[], customer?: string) {
  const asked: Query[] = []
  const clock = { nowMs: 0 }
  const get = async (_path: string, { query = {} }: { query?: Query } = {}) => {
    asked.push(Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)))
    return pages.shift() ?? { items: [] }
  }
  const api = { get } as unknown as ApiClient
  return { read: createReader({ api, now: () => clock.nowMs }, customer), asked, clock }
}

test('after the first look only what changed since is asked for, and the rest is known still', async () => {
  const { read, asked } = readerOver([
    { items: [model('a', 'live')], continuation: 'p2', mark: '1-x' },
    { items: [model('b', 'live')], mark: '2-x' },
    { items: [model('b', 'training'), model('c', 'neverTrained')], mark: '3-x' },
    { items: [], mark: '4-x' },
  ])
  expect((await read()).looked).toHaveLength(2)
  expect(await read()).toEqual({
    looked: [model('b', 'training'), model('c', 'neverTrained')],
    all: [model('a', 'live'), model('b', 'training'), model('c', 'neverTrained')],
  })
  expect((await read()).all).toHaveLength(3)
  expect(asked).toEqual([
    { limit: 500 },
    { limit: 500, continuation: 'p2' },
    { limit: 500, changedSince: '1-x' },
    { limit: 500, changedSince: '3-x' },
  ])
})

test('every five minutes all are read, and one that is gone is known no longer', async () => {
  const both = { items: [model('a', 'live'), model('b', 'live')], mark: '1-x' }
  const { read, asked, clock } = readerOver([
    both,
    { items: [], mark: '2-x' },
    { items: [model('a', 'live')] },
  ])
  await read()
  clock.nowMs = 299_999
  expect((await read()).all).toHaveLength(2)
  clock.nowMs = 300_000
  expect((await read()).all).toEqual([model('a', 'live')])
  expect(asked.map(({ changedSince }) => changedSince)).toEqual([undefined, '1-x', undefined])
})

test('an app that answers no mark is asked for all each time, of the customer that was named', async () => {
  const { read, asked } = readerOver([{ items: [model('a', 'live')] }, { items: [] }], 'a')
  await read()
  expect((await read()).all).toEqual([])
  expect(asked).toEqual([
    { limit: 500, customerId: 'a' },
    { limit: 500, customerId: 'a' },
  ])
})
