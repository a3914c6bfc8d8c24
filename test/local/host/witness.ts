import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export { eventually } from '../../setup/eventually.ts'

/** What a function does next, as the test decides. */
export type Instruction =
  | { do: 'return'; value?: unknown }
  | { do: 'throw' | 'rejectUnhandled'; value: string }
  | { do: 'exit' | 'register' }

/** One invocation as its function told of it. */
export type Told = {
  functionName: string
  invocationId: string
  input: unknown
  metadata: Record<string, unknown>
  retryCount?: number
  workerPid: number
}

/** Hears of every invocation and answers what it is to do. */
export type Witness = {
  url: string
  told: Told[]
  of(functionName: string): Told[]
  /** Workers that went away without waiting for their answer. */
  gone: number[]
}

/** Opens a witness for one test; `decide` may take its time: the function waits. */
export async function openWitness(
  decide: (told: Told) => Instruction | Promise<Instruction> = () => ({ do: 'return' }),
): Promise<Witness> {
  const told: Told[] = []
  const gone: number[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const heard: Told = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    told.push(heard)
    response.on('close', () => !response.writableFinished && gone.push(heard.workerPid))
    response.end(JSON.stringify(await decide(heard)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, told, gone, of: (name) => told.filter(({ functionName }) => functionName === name) }
}
