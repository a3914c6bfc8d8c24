import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually } from '../setup/eventually.ts'
import { startProxy, type TcpProxy } from './proxy.ts'

let closers: (() => Promise<unknown> | unknown)[] = []
let proxy: TcpProxy
let received: string
/** Connections that the service has got. */
let connections: number
beforeEach(async () => {
  received = ''
  connections = 0
  const service = createServer((socket) => {
    connections++
    socket.on('error', () => {})
    socket.on('data', (piece) => {
      received += piece
      socket.write(`answer to ${piece}`)
    })
  })
  service.listen(0, '127.0.0.1')
  await once(service, 'listening')
  proxy = await startProxy((service.address() as AddressInfo).port, () => 0)
  closers = [() => service.close(), () => proxy.close()]
})
afterEach(async () => {
  for (const close of closers.reverse()) await close()
})

function open(): { socket: Socket; heard: { text: string; error?: string; closed: boolean } } {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' })
  const heard: { text: string; error?: string; closed: boolean } = { text: '', closed: false }
  socket.on('data', (piece) => {
    heard.text += piece
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    heard.error = error.code ?? ''
  })
  socket.on('close', () => {
    heard.closed = true
  })
  closers.push(() => socket.destroy())
  return { socket, heard }
}

test('in fair weather both directions get through, and ends do', async () => {
  const { socket, heard } = open()
  socket.write('hello')
  await eventually(() => expect(heard.text).toBe('answer to hello'))
  socket.end()
  await eventually(() => expect(heard.closed).toBe(true))
  expect(heard.error).toBeUndefined()
})

test('latency delays requests and answers, in order', async () => {
  proxy.weather({ latencyMs: 60 })
  const { socket, heard } = open()
  const startedMs = performance.now()
  socket.write('one')
  await eventually(() => expect(heard.text).toBe('answer to one'))
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(110)
})

test('down: connections are reset, new ones too, until it heals', async () => {
  const before = open()
  before.socket.write('x')
  await eventually(() => expect(before.heard.text).not.toBe(''))
  proxy.weather({ state: 'down' })
  await eventually(() => expect(before.heard).toMatchObject({ closed: true, error: 'ECONNRESET' }))
  const during = open()
  await eventually(() => expect(during.heard.closed).toBe(true))
  proxy.heal()
  const after = open()
  after.socket.write('y')
  await eventually(() => expect(after.heard.text).toBe('answer to y'))
})

test('silent: nothing gets through, and the connection ends when it heals', async () => {
  const { socket, heard } = open()
  await eventually(() => expect(connections).toBe(1))
  proxy.weather({ state: 'silent' })
  socket.write('lost')
  const other = open()
  other.socket.write('lost too')
  await eventually(() => expect(connections).toBe(2))
  expect(heard.closed).toBe(false)
  proxy.heal()
  await eventually(() => expect(heard.closed && other.heard.closed).toBe(true))
  expect(received).toBe('')
})

test('a lost answer: the request takes effect and the caller sees a reset', async () => {
  proxy.weather({ answersLostAfter: 0 })
  const { socket, heard } = open()
  socket.write('pay once')
  await eventually(() => expect(heard).toMatchObject({ closed: true, text: '' }))
  expect(received).toBe('pay once')
})

test('reset ends every connection there is, and says how many', async () => {
  const links = [open(), open()]
  await Promise.all(links.map(({ socket }) => once(socket, 'connect')))
  links.forEach(({ socket }) => void socket.write('x'))
  await eventually(() => expect(links.every(({ heard }) => heard.text !== '')).toBe(true))
  expect(proxy.reset()).toBe(2)
  await eventually(() => expect(links.every(({ heard }) => heard.error === 'ECONNRESET')).toBe(true))
})
