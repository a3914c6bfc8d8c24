import { ContainerClient } from '@azure/storage-blob'
import { expect, test } from 'vitest'
import { delegatedSigner } from '../../../../shared/adapters/storage/delegatedSas.ts'
import { TerminalError } from '../../../../shared/retraining/errors.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const startMs = Date.parse('2026-11-21T10:00:00Z')

function onService() {
  const asked: [from: string, until: string][] = []
  const client = new ContainerClient('https://acct.blob.core.windows.net/training-sets')
  const service = { fails: false }
  const sign = delegatedSigner(client, async (startsOn, expiresOn) => {
    asked.push([startsOn.toISOString(), expiresOn.toISOString()])
    if (service.fails) throw new Error('Cannot get a user-delegation key: 503')
    return {
      signedObjectId: 'oid-1',
      signedTenantId: 'tid-1',
      signedStartsOn: startsOn,
      signedExpiresOn: expiresOn,
      signedService: 'b',
      signedVersion: '2025-05-05',
      value: Buffer.from('key').toString('base64'),
    }
  })
  return { asked, service, sign }
}

test('a SAS names the identity that signed it, reads one blob, https only', async () => {
  const { sign } = onService()
  const reference = await sign('acme/set 1.csv', startMs, startMs + hourMs, 'r')
  expect(reference.baseLocation).toBe('https://acct.blob.core.windows.net/')
  expect(reference.relativeLocation).toBe('training-sets/acme/set%201.csv')
  expect(Object.fromEntries(new URLSearchParams(reference.sasBlobToken))).toMatchObject({
    sp: 'r',
    sr: 'b',
    spr: 'https',
    st: '2026-11-21T10:00:00Z',
    se: '2026-11-21T11:00:00Z',
    skoid: 'oid-1',
    sktid: 'tid-1',
    ske: '2026-11-22T11:00:00Z',
    sks: 'b',
  })
})

test('one key serves for a day, then the next is asked for', async () => {
  const { asked, sign } = onService()
  await sign('a.csv', startMs, startMs + hourMs, 'r')
  await sign('b.csv', startMs + hourMs, startMs + dayMs, 'r')
  expect(asked).toEqual([['2026-11-21T10:00:00.000Z', '2026-11-22T11:00:00.000Z']])
  await sign('c.csv', startMs + dayMs, startMs + dayMs + 2 * hourMs, 'r')
  expect(asked).toHaveLength(2)
})

test('a key never reaches beyond seven days', async () => {
  const { asked, sign } = onService()
  await sign('a.csv', startMs, startMs + 7 * dayMs, 'r')
  expect(asked).toEqual([['2026-11-21T10:00:00.000Z', '2026-11-28T10:00:00.000Z']])
  await expect(sign('a.csv', startMs, startMs + 7 * dayMs + 1, 'r')).rejects.toThrow(TerminalError)
})

test('a key that could not be had is asked for again', async () => {
  const { asked, service, sign } = onService()
  service.fails = true
  await expect(sign('a.csv', startMs, startMs + hourMs, 'r')).rejects.toThrow('503')
  service.fails = false
  await sign('a.csv', startMs, startMs + hourMs, 'r')
  expect(asked).toHaveLength(2)
})

test('a SAS for an upload creates one blob, https only, and reads nothing', async () => {
  const { sign } = onService()
  const { sasBlobToken } = await sign('acme/march.csv', startMs, startMs + hourMs, 'cw')
  expect(Object.fromEntries(new URLSearchParams(sasBlobToken))).toMatchObject({
    sp: 'cw',
    sr: 'b',
    spr: 'https',
  })
})
