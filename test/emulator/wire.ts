import { connect } from 'node:net'

/** An answer, its body as text and, where it is JSON, decoded. */
// biome-ignore lint/suspicious/noExplicitAny: wire JSON, which each test looks into and compares
export type Reply = { status: number; headers: Headers; text: string; json: any }

/** Calls with a key as Bearer and a JSON body, if any. */
export async function call(method: string, url: string, key?: string, body?: unknown): Promise<Reply> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return reply(answer.status, answer.headers, await answer.text())
}

/** Sends bytes as they are over a socket, and reads the answer to its end (`Connection: close`): for what no HTTP client would send. */
export function callRaw(url: string, bytes: string): Promise<Reply> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let received = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => {
      received += chunk
    })
    // A service that answers before it has read all may reset the connection behind its answer.
    socket.on('error', (error) => (received === '' ? reject(error) : resolve(parseAnswer(received))))
    socket.on('end', () => resolve(parseAnswer(received)))
    socket.write(bytes)
  })
}

/** Sends a request with exactly these headers, besides Host, and reads its answer. */
export function sendRaw(url: string, headers: string[], payload = '', method = 'POST'): Promise<Reply> {
  const { pathname, search } = new URL(url)
  const head = [`${method} ${pathname}${search} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...headers]
  return callRaw(url, `${head.join('\r\n')}\r\n\r\n${payload}`)
}

function parseAnswer(received: string): Reply {
  const [head = '', ...body] = received.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = new Headers(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    }),
  )
  return reply(Number(statusLine.split(' ')[1]), headers, body.join('\r\n\r\n'))
}

function reply(status: number, headers: Headers, text: string): Reply {
  const isJson = headers.get('content-type')?.startsWith('application/json') === true
  return { status, headers, text, json: isJson ? JSON.parse(text) : undefined }
}
