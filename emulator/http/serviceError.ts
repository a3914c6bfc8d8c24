/** One entry of `error.details`: exactly these three keys, and never an empty list (clients index it). */
export type ErrorDetail = { code: string; target: string; message: string }

/** The classes of errors, their HTTP status and message. Source: web-service error codes, contract section 6. */
const classes = {
  BadArgument: [400, 'Invalid argument provided.'],
  BadUserArgument: [400, 'Invalid user argument provided.'],
  InvalidOperation: [400, 'The request is invalid in the current context.'],
  LibraryExecutionError: [400, 'Module execution encountered an internal library error.'],
  ModuleExecutionError: [400, 'Module execution encountered an error.'],
  Unauthorized: [401, 'Request is unauthorized to access resource.'],
  Forbidden: [403, 'Request is not allowed.'],
  NotFound: [404, 'Resource not found.'],
  MethodNotAllowed: [405, 'The resource does not support this method.'],
  RequestTimeout: [408, 'The operation could not be completed within the permitted time.'],
  Conflict: [409, 'Resource already exists.'],
  MemoryQuotaViolation: [413, 'The model had exceeded the memory quota assigned to it.'],
  TooManyRequests: [429, 'Too many requests.'],
  InternalError: [500, 'Execution encountered an internal error.'],
  NotImplemented: [501, 'The emulator does not support this operation.'],
  ServiceUnavailable: [503, 'Service is temporarily unavailable.'],
  GatewayTimeout: [504, 'The operation could not be completed within the permitted time.'],
} as const satisfies Record<string, readonly [status: number, message: string]>

/** `error.code`: the class of an error. */
export type ErrorClass = keyof typeof classes

/** An answer that is an error: thrown by handlers, written by the server in the shape of contract section 6. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly status: number
  readonly errorClass: ErrorClass
  readonly details: ErrorDetail[]
  /** Seconds for a `Retry-After` header, where one is sent. */
  readonly retryAfterSeconds: number | undefined

  constructor(errorClass: ErrorClass, details: ErrorDetail[], retryAfterSeconds?: number) {
    super(details.map((detail) => detail.message).join(' '))
    this.errorClass = errorClass
    this.status = classes[errorClass][0]
    this.details = details
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** A ServiceError with one detail. `target` names the part of the request at fault. */
export function serviceError(
  errorClass: ErrorClass,
  code: string,
  message: string,
  target = '',
): ServiceError {
  return new ServiceError(errorClass, [{ code, target, message }])
}

/** The error class that has this HTTP status, for faults on demand; InternalError for one that none has. */
export function classOfStatus(status: number): ErrorClass {
  const found = Object.entries(classes).find(([, [ofClass]]) => ofClass === status)
  return (found?.[0] as ErrorClass | undefined) ?? 'InternalError'
}

/** The error's body. */
export function errorBody(error: ServiceError): string {
  const [, message] = classes[error.errorClass]
  return JSON.stringify({ error: { code: error.errorClass, message, details: error.details } })
}
