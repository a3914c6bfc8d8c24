import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startChild, stopChild } from '../../../local/process/child.ts'
import { temporaryFolder } from '../../setup/temporaryFolder.ts'

/** Starts a file with this text as a part. */
function start(text: string, readyMs = 10_000) {
  const folder = temporaryFolder('retrain-child')
  const file = join(folder, 'part.mjs')
  const logFile = join(folder, 'part.log')
  writeFileSync(file, text)
  const started = startChild({ name: 'the part', file, args: ['--x'], logFile, readyMs, onSpawn: () => {} })
  return { started, logFile }
}

test('a part is ready when it prints its JSON line; what it says on stderr goes to its log', async () => {
  const { started, logFile } = start(`
    console.error('hello'); console.log('not this'); console.log(JSON.stringify({ url: process.argv[2] }))
    setInterval(() => {}, 1000)`)
  const { child, ready } = await started
  expect(ready).toEqual({ url: '--x' })
  expect(readFileSync(logFile, 'utf8')).toBe('hello\n')
  await stopChild(child)
  expect(child.signalCode).toBe('SIGTERM')
})

test('a part that ends before it is ready is told with its last words', async () => {
  const { started } = start(`console.error('Cannot listen: port taken'); process.exit(4)`)
  await expect(started).rejects.toThrow(
    'Cannot start the part: it ended with code 4:\nCannot listen: port taken',
  )
})

test('the end of a part whose log was removed meanwhile is no error', async () => {
  const { started, logFile } = start(`console.log('{}'); setInterval(() => {}, 1000)`)
  const { child } = await started
  rmSync(logFile)
  await stopChild(child)
  expect(child.signalCode).toBe('SIGTERM')
})

test('a part that does not get ready is stopped', async () => {
  const { started } = start('setInterval(() => {}, 1000)', 200)
  await expect(started).rejects.toThrow('Cannot start the part: not ready after 0.2 s')
})

test('a part that ignores SIGTERM is killed after its time', async () => {
  const { started } = start(`process.on('SIGTERM', () => {}); console.log('{}'); setInterval(() => {}, 1000)`)
  const { child } = await started
  await stopChild(child, 200)
  expect(child.signalCode).toBe('SIGKILL')
})
