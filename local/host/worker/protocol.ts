/** A value on its way between host and worker, in the worker protocol's own shape: exactly one field is set. */
export type RpcData = {
  string?: string
  json?: string
  bytes?: Uint8Array
  int?: number
  double?: number
  http?: RpcHttp
}

/** A cookie of an HTTP answer as the library writes it: optional values are wrapped. */
export type RpcCookie = {
  name?: string
  value?: string
  domain?: { value?: string } | undefined
  path?: { value?: string } | undefined
  expires?: { value?: { seconds?: number; nanos?: number } | Date } | undefined
  secure?: { value?: boolean } | undefined
  httpOnly?: { value?: boolean } | undefined
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone'
  maxAge?: { value?: number } | undefined
}

/** An HTTP request (url, method, nullable...) or answer (statusCode, headers, cookies, body). */
export type RpcHttp = {
  url?: string
  method?: string
  nullableHeaders?: Record<string, { value: string }>
  nullableParams?: Record<string, { value: string }>
  nullableQuery?: Record<string, { value: string }>
  statusCode?: string
  headers?: Record<string, string>
  cookies?: RpcCookie[]
  body?: RpcData | null
}

/** One binding of a function: what it is bound to, as `app.xxx` was given it. */
export type Binding = { type: string; direction: 'in' | 'out'; [option: string]: unknown }

/** A retry policy; `maxRetryCount` -1 is for ever. */
export type RetryOptions = {
  maxRetryCount: number
  retryStrategy?: 'fixedDelay' | 'exponentialBackoff'
  delayInterval?: { seconds: number }
  minimumInterval?: { seconds: number }
  maximumInterval?: { seconds: number }
}

/** A function as it registered itself. */
export type RegisteredFunction = {
  name: string
  bindings: Record<string, Binding>
  retryOptions?: RetryOptions | undefined
}

/** One call of a function. */
export type InvocationRequest = {
  invocationId: string
  functionName: string
  inputData: { name: string; data: RpcData }[]
  triggerMetadata: Record<string, RpcData>
  traceContext: { traceParent: string; traceState?: string }
  retryContext?: { retryCount: number; maxRetryCount: number; exception?: { message: string } } | undefined
}

/** What a function gave back: its outputs by binding name and its return value. */
export type InvocationResponse = {
  outputData?: { name: string; data: RpcData }[]
  returnValue?: RpcData | null
}

/** A thrown value, carried over the process border. */
export type RpcError = { message: string; stack?: string | undefined }

/** From the host to the worker. */
export type ToWorker =
  | { kind: 'load'; root: string }
  | { kind: 'invoke'; request: InvocationRequest }
  | { kind: 'terminate' }

/** From the worker to the host. `httpUri` is there when the app streams HTTP: requests go to it. */
export type FromWorker =
  | { kind: 'loaded'; functions: RegisteredFunction[]; httpUri?: string | undefined }
  | { kind: 'loadFailed'; error: RpcError }
  | { kind: 'returned'; invocationId: string; response: InvocationResponse }
  | { kind: 'threw'; invocationId: string; error: RpcError }
  | {
      kind: 'log'
      level: string
      category: string
      message: string
      functionName?: string | undefined
      invocationId?: string | undefined
    }
