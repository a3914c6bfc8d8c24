import { expect, test } from 'vitest'
import { createAuditTable } from '../../../shared/adapters/auditTable.ts'
import { createMemoryTable } from '../../fakes/memoryTable.ts'

const entry = {
  ...{ what: 'pause', target: 'customers/contoso/pause', by: 'ann', reason: 'a secret reason' },
  ...{ requestId: 'r', beganAtMs: 1_000 },
}

function auditLog() {
  let ids = 0
  const redact = (text: string) => text.replaceAll('secret', '[cut]')
  return createAuditTable(createMemoryTable(), { redact, newId: () => `id${++ids}` })
}

test('entries come newest first, page by page, redacted, begun until they are completed', async () => {
  const audit = auditLog()
  const first = await audit.beginAudit(entry)
  await audit.beginAudit({ ...entry, what: 'resume', beganAtMs: 2_000 })
  await audit.endAudit(first, { outcome: 'refused', status: 409, detail: 'a secret', endedAtMs: 1_500 })
  const page = await audit.listAudit({ size: 1 })
  expect(page.items).toMatchObject([{ what: 'resume', outcome: 'begun' }])
  const rest = await audit.listAudit({ size: 1, next: page.next })
  expect(rest.items).toMatchObject([
    {
      what: 'pause',
      by: 'ann',
      reason: 'a [cut] reason',
      outcome: 'refused',
      status: 409,
      detail: 'a [cut]',
    },
  ])
  expect(rest.next).toBeUndefined()
})

test('an entry that is not there cannot be completed', async () => {
  const end = { outcome: 'done', status: 200, endedAtMs: 0 } as const
  await expect(auditLog().endAudit('none', end)).rejects.toThrow('Cannot complete audit entry none')
})
