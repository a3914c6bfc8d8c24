import { Pool } from 'undici'

/** How long the back end may take, and how many connections it gets. */
export type BackendOptions = {
  /** Where it is: `http://127.0.0.1:8150`, `https://ussouthcentral.services.azureml.net`; a path goes before the operations'. */
  url: string
  connectSeconds?: number
  /** From the request's end to the answer's head. */
  headersSeconds?: number
  /** Between two parts of the answer. */
  bodySeconds?: number
  connections?: number
}

/** The service behind the gateway. */
export type Backend = {
  origin: string
  /** What goes before an operation's path; no `/` at its end. */
  basePath: string
  pool: Pool
  close(): Promise<void>
}

/** A pool of kept-alive connections. Throws one line where the URL is none of a service. */
export function createBackend(options: BackendOptions): Backend {
  const url = URL.parse(options.url)
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.username + url.password !== '' ||
    url.search !== ''
  ) {
    throw new Error('Cannot use --backend: it is the http or https URL of a service, without user and query')
  }
  const pool = new Pool(url.origin, {
    connections: options.connections ?? 256,
    pipelining: 1,
    connect: { timeout: (options.connectSeconds ?? 10) * 1000 },
    headersTimeout: (options.headersSeconds ?? 300) * 1000,
    bodyTimeout: (options.bodySeconds ?? 300) * 1000,
    keepAliveTimeout: 30_000,
  })
  return {
    origin: url.origin,
    basePath: url.pathname.replace(/\/+$/, ''),
    pool,
    close: () => pool.destroy(),
  }
}
