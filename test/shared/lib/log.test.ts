import { expect, test } from 'vitest'
import { createLog } from '../../../shared/lib/log.ts'
import { createRedact } from '../../../shared/lib/redact.ts'

function logged() {
  const lines: string[] = []
  const log = createLog({
    sink: (level, line) => lines.push(`${level}: ${line}`),
    redact: createRedact(),
    allowed: ['customerId', 'generation', 'drop', 'invocation'],
    bound: { invocation: 'i1' },
  })
  return { lines, log }
}

test('a line is its text, what is bound, and its fields', () => {
  const { lines, log } = logged()
  log.info({ customerId: 'acme', generation: 3, drop: undefined }, 'endpoint updated')
  expect(lines).toEqual(['info: endpoint updated invocation=i1 customerId=acme generation=3'])
})

test('each level reaches the sink as itself', () => {
  const { lines, log } = logged()
  log.warn({}, 'slow')
  log.error({}, 'broken')
  expect(lines).toEqual(['warn: slow invocation=i1', 'error: broken invocation=i1'])
})

test('a field that is not listed shows its name only', () => {
  const { lines, log } = logged()
  log.info({ popReceipt: 'AgAAAA' }, 'received')
  expect(lines).toEqual(['info: received invocation=i1 popReceipt=[not listed]'])
})

test('text from outside stays one line, and its secrets are cut', () => {
  const { lines, log } = logged()
  log.error({ drop: 'a b\n"c".csv' }, 'failed:\r\n  https://a.net/x?sig=abc')
  expect(lines).toEqual(['error: failed: https://a.net/x?[cut] invocation=i1 drop="a b\\n\\"c\\".csv"'])
})
