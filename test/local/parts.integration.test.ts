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
