import { expect, test } from 'vitest'
import { bareEtag, quotedEtag } from '../../../../shared/adapters/storage/blobFacts.ts'
import { blocksOf } from '../../../../shared/adapters/storage/blocks.ts'
import { decodeCells, encodeCells } from '../../../../shared/adapters/storage/cells.ts'
import { putDeleteETags } from '../../../../shared/adapters/storage/conditionalDelete.ts'
import { decodeMessage, encodeMessage } from '../../../../shared/adapters/storage/messageText.ts'
import { TerminalError } from '../../../../shared/retraining/errors.ts'
import { fc } from '../../../setup/properties.ts'

const etags = ['0x8DE1', '"0x8DE1"', 'W/"0x8DE1"']
test.each(etags)('the ETag %s is 0x8DE1 to us and "0x8DE1" to the service', (etag) => {
  expect([bareEtag(etag), quotedEtag(etag)]).toEqual(['0x8DE1', '"0x8DE1"'])
})

const base64 = (text: string) => Buffer.from(text).toString('base64')
const messages: [when: string, wire: string, then: { body: unknown; text: string }][] = [
  ['an object', base64('{"v":1}'), { body: { v: 1 }, text: '{"v":1}' }],
  ['plain JSON', '{"v":1}', { body: { v: 1 }, text: '{"v":1}' }],
  ['a number', base64('12345678901234567890'), { body: undefined, text: '12345678901234567890' }],
  ['a list', base64('[{"v":1}]'), { body: undefined, text: '[{"v":1}]' }],
  ['null', base64('null'), { body: undefined, text: 'null' }],
  ['broken JSON', base64('{"v":'), { body: undefined, text: '{"v":' }],
  ['no base64', 'hello there', { body: undefined, text: 'hello there' }],
  ['base64 of no text', '/////w==', { body: undefined, text: '/////w==' }],
  ['nothing', '', { body: undefined, text: '' }],
]
test.each(messages)('decodeMessage: %s', (_when, wire, then) => {
  const decoded = decodeMessage(wire)
  expect(decoded.body).toEqual(then.body)
  expect(decoded.text).toBe(then.text)
})

test('any object comes back from its message', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string({ unit: 'binary' })), (body) => {
      expect(decodeMessage(encodeMessage(body)).body).toEqual(JSON.parse(JSON.stringify(body)))
    }),
  )
})

test('numbers that fit no Int32 travel as Int64 and come back as numbers', () => {
  expect(encodeCells({ a: 2 ** 31 - 1, b: 2 ** 31, c: -(2 ** 31), d: 0.5 })).toEqual({
    a: 2_147_483_647,
    b: { type: 'Int64', value: '2147483648' },
    c: -2_147_483_648,
    d: 0.5,
  })
  expect(decodeCells({ b: 2_147_483_648n, 'odata.metadata': 'x' })).toEqual({ b: 2_147_483_648 })
})

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%s is refused as a property', (value) => {
  expect(() => encodeCells({ auc: value })).toThrow(TerminalError)
})

const part = (rowKey: string) =>
  `--c\r\n\r\nDELETE http://a/models(PartitionKey='p',RowKey='${rowKey}') HTTP/1.1\r\nAccept: x\r\nIf-Match: *\r\n\r\n\r\n`

test('each deleted row gets its own ETag, whatever its key holds', () => {
  const found = new Map([
    ["o'clock", 'W/"1"'],
    ['a b|ü', 'W/"2"'],
  ])
  const body = putDeleteETags(`${part("o''clock")}${part('a%20b%7C%C3%BC')}`, found)
  expect([...body.matchAll(/If-Match: (\S+)/g)].map(([, etag]) => etag)).toEqual(['W/"1"', 'W/"2"'])
})

test('an ETag that finds no place stops the transaction', () => {
  expect(() => putDeleteETags(part('b'), new Map([['a', 'W/"1"']]))).toThrow(/an ETag found no place/)
})

test('blocks hold all bytes in order, each but the last one full', async () => {
  const chunk = fc.uint8Array({ maxLength: 9 })
  await fc.assert(
    fc.asyncProperty(fc.array(chunk), fc.integer({ min: 1, max: 7 }), async (chunks, blockBytes) => {
      const blocks: Uint8Array[] = []
      for await (const block of blocksOf(streamOf(chunks), blockBytes)) blocks.push(block)
      expect(Buffer.concat(blocks)).toEqual(Buffer.concat(chunks))
      expect(blocks.slice(0, -1).every((block) => block.byteLength === blockBytes)).toBe(true)
      expect(blocks.every((block) => block.byteLength > 0)).toBe(true)
    }),
  )
})

async function* streamOf(chunks: Uint8Array[]) {
  yield* chunks
}
