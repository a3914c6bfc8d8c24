/**
 * A client's connection string as the storage SDK takes it. Clients of old name account and key only, the rest was
 * understood: `https` and `core.windows.net`; with the name of the emulator's own account, the emulator's own storage
 * (the key stays the client's). Source: the API Management guide's batch sample, contract section 3.1.
 */
export function completeConnectionString(given: string, own: string): string {
  const parts = read(given)
  const name = parts.get('accountname')
  if (name === undefined) return given
  const protocol = parts.get('defaultendpointsprotocol') ?? 'https'
  const account = `DefaultEndpointsProtocol=${protocol};AccountName=${name};AccountKey=${parts.get('accountkey') ?? ''}`
  const endpoint = parts.get('blobendpoint') ?? ownEndpoint(name, own)
  if (endpoint !== undefined) return `${account};BlobEndpoint=${endpoint}`
  return `${account};EndpointSuffix=${parts.get('endpointsuffix') ?? 'core.windows.net'}`
}

function ownEndpoint(name: string, own: string): string | undefined {
  const parts = read(own)
  return parts.get('accountname') === name ? parts.get('blobendpoint') : undefined
}

/** The parts by name in lower case; a value may have `=` in it. */
function read(connectionString: string): Map<string, string> {
  const parts = new Map<string, string>()
  for (const part of connectionString.split(';')) {
    const equals = part.indexOf('=')
    if (equals > 0) parts.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim())
  }
  return parts
}
