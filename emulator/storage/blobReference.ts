import { memberOf } from '../http/members.ts'
import { serviceError } from '../http/serviceError.ts'

/** A blob as clients name it: by account (connection string) or by SAS (base location and token); `own`: in the emulator's storage. */
export type BlobReference =
  | { kind: 'own'; relativeLocation: string }
  | { kind: 'account'; connectionString: string; relativeLocation: string }
  | { kind: 'sas'; baseLocation: string; relativeLocation: string; sasBlobToken: string }

/** Container and blob name of a reference by account; `relativeLocation` never begins with `/`. */
export function containerAndName(relativeLocation: string): { container: string; name: string } {
  const slash = relativeLocation.indexOf('/')
  return { container: relativeLocation.slice(0, slash), name: relativeLocation.slice(slash + 1) }
}

/** The URL of a reference by SAS: the three parts concatenated, with exactly one `/` and one `?` between them. */
export function sasUrl(reference: Extract<BlobReference, { kind: 'sas' }>): string {
  const { baseLocation, relativeLocation, sasBlobToken } = reference
  const base = baseLocation.endsWith('/') ? baseLocation : `${baseLocation}/`
  const token = sasBlobToken === '' || sasBlobToken.startsWith('?') ? sasBlobToken : `?${sasBlobToken}`
  return base + relativeLocation + token
}

/** The reference as errors may show it: without secrets. */
export function shownReference(reference: BlobReference): string {
  return reference.kind === 'sas' ? sasUrl({ ...reference, sasBlobToken: '' }) : reference.relativeLocation
}

/**
 * Decodes a blob reference of a request body: either form, with or without a leading slash, members in any case absent
 * or null. Throws MissingInputBlobInformation, InvalidBlobConnectionString or InvalidBlob; `target` is the port.
 */
export function decodeBlobReference(json: unknown, target: string): BlobReference {
  const wire = isObject(json) ? json : {}
  const relative = text(wire, 'RelativeLocation')?.replace(/^\/+/, '') ?? ''
  const connectionString = text(wire, 'ConnectionString')
  const baseLocation = text(wire, 'BaseLocation')
  if (relative === '' && connectionString === undefined && baseLocation === undefined) throw missing(target)
  if (connectionString !== undefined) return decodeAccount(connectionString, relative, target)
  if (baseLocation === undefined) throw missing(target)
  return decodeSas(baseLocation, relative, text(wire, 'SasBlobToken') ?? '', target)
}

function decodeAccount(connectionString: string, relativeLocation: string, target: string): BlobReference {
  const parts = new Set(connectionString.split(';').map((part) => part.split('=')[0]?.trim().toLowerCase()))
  const development = parts.has('usedevelopmentstorage')
  const withKey = parts.has('accountname') && parts.has('accountkey')
  if (!development && !withKey) {
    const message =
      'The connection string specified for one of the input/output blobs in invalid: it needs AccountName and AccountKey. Please correct this and try again.'
    throw serviceError('BadArgument', 'InvalidBlobConnectionString', message, target)
  }
  if (!/^[^/]+\/.+/.test(relativeLocation)) throw invalidBlob(relativeLocation, target)
  return { kind: 'account', connectionString, relativeLocation }
}

function decodeSas(baseLocation: string, relativeLocation: string, sasBlobToken: string, target: string) {
  const reference = { kind: 'sas', baseLocation, relativeLocation, sasBlobToken } as const
  const protocol = URL.parse(sasUrl(reference))?.protocol
  if (relativeLocation === '' || (protocol !== 'http:' && protocol !== 'https:')) {
    throw invalidBlob(`${baseLocation}${relativeLocation}`, target)
  }
  return reference
}

function missing(target: string): Error {
  const message =
    'Missing Azure storage blob information. Provide a valid connection string and relative path or URI and try again.'
  return serviceError('BadArgument', 'MissingInputBlobInformation', message, target)
}

function invalidBlob(blob: string, target: string): Error {
  const message = `Invalid blob specification for blob: ${blob}. Verify that connection string / relative path or SAS token specification is correct and try again.`
  return serviceError('BadArgument', 'InvalidBlob', message, target)
}

/** Whether `json` is an object (not null, not a list). */
export function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function text(wire: Record<string, unknown>, name: string): string | undefined {
  const value = memberOf(wire, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}
