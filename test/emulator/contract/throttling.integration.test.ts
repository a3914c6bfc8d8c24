import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../../setup/eventually.ts'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { call } from '../wire.ts'

let bed: TestBed
let fruit: Target

beforeAll(async () => {
  bed = await startTestBed()
  fruit = bed.target('Fruit [predictive exp.]')
})
afterAll(() => bed.remove())

const table = { ColumnNames: ['size', 'colour'], Values: [['15', 'red']] }
const score = () =>
  call('POST', `${fruit.api}/execute?api-version=2.0`, fruit.key, { Inputs: { input1: table } })

test('above the concurrency of the endpoint RRS answers 503 RequestThrottled, and scores again afterwards', async () => {
  const limited = await call('PATCH', fruit.management, bed.token, { ThrottleLevel: 'Low' })
  expect(limited.status).toBe(200)
  const { hostname, port, pathname } = new URL(fruit.api)
  const head = `POST ${pathname}/execute?api-version=2.0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${fruit.key}\r\nContent-Length: 100\r\n\r\n`
  const sockets: Socket[] = []
  for (let at = 0; at < 4; at++) {
    const socket = connect(Number(port), hostname)
    socket.write(head)
    sockets.push(socket)
  }
  const throttled = await eventually(async () => {
    const answer = await score()
    expect(answer.status).toBe(503)
    return answer
  })
  expect(throttled.json.error).toMatchObject({
    code: 'ServiceUnavailable',
    details: [{ code: 'RequestThrottled', message: expect.stringMatching(/default endpoint.*is 4\./) }],
  })
  for (const socket of sockets) socket.destroy()
  await eventually(async () => expect((await score()).status).toBe(200))
})
