import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startOnPorts, usualPorts } from '../../local/parts/choosePorts.ts'
import { choosePort } from '../../local/process/ports.ts'

/** A port that somebody else listens on until the test is over. */
async function takePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

test('a part whose port was taken since it was chosen is started again on another', async () => {
  const taken = await takePort()
  const lines: string[] = []
  const place = { ports: { ...usualPorts, functions: taken }, print: (line: string) => lines.push(line) }
  const port = await startOnPorts(place, ['functions'], async () => {
    if (place.ports.functions === taken) throw new Error('EADDRINUSE')
    return place.ports.functions
  })
  expect(port).not.toBe(taken)
  expect(lines).toEqual([`port ${taken} (functions) was taken meanwhile: using ${port}`])
})

const refusals = [
  'Cannot start Azurite: listen EADDRINUSE: address already in use 127.0.0.1:10000',
  'Cannot start emulator: port 8050 is in use',
  'Cannot listen on port 7071: it is taken; choose another with --port',
]
test.each(refusals)('a part whose port was taken for a moment is started again on it: %s', async (reason) => {
  const { port } = await choosePort(0)
  const place = { ports: { ...usualPorts, functions: port }, print: () => {} }
  let starts = 0
  const started = await startOnPorts(place, ['functions'], async () => {
    starts += 1
    if (starts === 1) throw new Error(reason)
    return place.ports.functions
  })
  expect([started, starts]).toEqual([place.ports.functions, 2])
})

test('a part that fails for another reason is not started again', async () => {
  let starts = 0
  const { port } = await choosePort(0)
  const place = { ports: { ...usualPorts, emulator: port }, print: () => {} }
  const started = startOnPorts(place, ['emulator'], async () => {
    starts += 1
    throw new Error('Cannot read host.json: it is no JSON')
  })
  await expect(started).rejects.toThrow('it is no JSON')
  expect(starts).toBe(1)
})
