import { expect, test } from 'vitest'
import type { ApiClient } from '../../cli/apiClient.ts'
import { followDrop } from '../../cli/drop/followDrop.ts'

/** An app that has the drop, which waits for `looks` looks and is then left out. */
function appWith(waits: { kind: string; sentence: string }[], looks: number): ApiClient {
  let seen = 0
  return {
    get: async () => ({ waits }),
    async *pages() {
      yield { name: 'a.csv', state: seen++ < looks ? 'pending' : 'excluded', excludedFor: 'the wrong month' }
    },
  } as unknown as ApiClient
}

async function told(waits: { kind: string; sentence: string }[]): Promise<string[]> {
  const lines: string[] = []
  const cli = { api: appWith(waits, 6), pause: async () => {} }
  const following = {
    customer: 'contoso',
    model: 'census',
    name: 'a.csv',
    tell: (line: string) => void lines.push(line),
  }
  expect(await followDrop(cli, following)).toEqual({
    kind: 'none',
    state: 'excluded',
    reason: 'the wrong month',
  })
  return lines
}

test('who waits for a drop of a paused model is told of the pause', async () => {
  const paused = { kind: 'paused', sentence: '1 drop waits: the customer is paused by ada' }
  expect(await told([paused])).toEqual(['accepted: waiting for its generation', paused.sentence])
})

test('of the quiet period nothing more is told', async () => {
  const quiet = { kind: 'quiet', sentence: '1 drop waits until the quiet period ends' }
  expect(await told([quiet])).toEqual(['accepted: waiting for its generation'])
})
