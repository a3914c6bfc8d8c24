import { expect, test } from 'vitest'
import { z } from 'zod'
import { createRowCodec } from '../../../shared/adapters/rowCodec.ts'

const schema = z.object({
  name: z.string(),
  openedAtMs: z.number(),
  claim: z.object({ untilAtMs: z.number() }).optional(),
  sizes: z.array(z.number()).optional(),
})
const codec = createRowCodec('sample', schema, ['claim', 'sizes'])

test('instants are ISO text in storage and epoch milliseconds inside, objects are JSON text', () => {
  const value = { name: 'n', openedAtMs: 1_000, claim: { untilAtMs: 2_500 }, sizes: [1, 2] }
  const cells = codec.encode(value)
  expect(cells).toEqual({
    v: 1,
    name: 'n',
    openedAt: '1970-01-01T00:00:01.000Z',
    claim: '{"untilAt":"1970-01-01T00:00:02.500Z"}',
    sizes: '[1,2]',
  })
  expect(codec.decode(cells)).toEqual(value)
})

test('what is undefined is not written', () => {
  expect(codec.encode({ name: 'n', openedAtMs: 0, claim: undefined })).not.toHaveProperty('claim')
})

test('a damaged row names its properties, never their values', () => {
  const damaged = { v: 1, name: 7, openedAt: 'secret' }
  expect(() => codec.decode(damaged)).toThrow('Cannot read a sample row: wrong or missing: name, openedAtMs')
  expect(() => codec.decode({ ...damaged, claim: '{' })).toThrow('Cannot read a sample row: claim is no JSON')
})
