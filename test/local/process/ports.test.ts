import { expect, test } from 'vitest'
import { choosePort } from '../../../local/process/ports.ts'

test('the port that was wished for is taken when it is free', async () => {
  expect(await choosePort(7071, [], async () => true)).toEqual({ port: 7071 })
})

test('a port of somebody else is left alone: another one, and which one was taken', async () => {
  const chosen = await choosePort(7071, [], async () => false)
  expect(chosen.taken).toBe(7071)
  expect(chosen.port).toBeGreaterThan(1024)
  expect(chosen.port).not.toBe(7071)
})

test('a port that this stack gave away already is not given twice', async () => {
  expect((await choosePort(7071, [7071], async () => true)).taken).toBe(7071)
})
