import { connect, createServer } from 'node:net'

/** A port to listen on; `taken` is the one that was wished for and is somebody else's. */
export type ChosenPort = { port: number; taken?: number }

/** The port that was wished for (0: any), or a free one when somebody listens there already. Never one in `reserved`. */
export async function choosePort(
  wish: number,
  reserved: readonly number[] = [],
  isFree: (port: number) => Promise<boolean> = isPortFree,
): Promise<ChosenPort> {
  if (wish !== 0 && !reserved.includes(wish) && (await isFree(wish))) return { port: wish }
  for (;;) {
    const port = await anyPort()
    if (!reserved.includes(port)) return wish === 0 ? { port } : { port, taken: wish }
  }
}

/** Whether nobody answers on the port and it can be listened on. A listener on all addresses is found by asking it. */
export async function isPortFree(port: number): Promise<boolean> {
  return !(await answers(port)) && (await canListen(port))
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 })
    const settle = (isAnswered: boolean) => {
      socket.destroy()
      resolve(isAnswered)
    }
    socket.once('connect', () => settle(true))
    socket.once('timeout', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('Cannot find a free port: the system gave none')),
      )
    })
  })
}
