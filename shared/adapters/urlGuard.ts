import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { TerminalError } from '../retraining/errors.ts'

/** Which hosts the app calls: suffixes with a leading dot (`.azureml.net`) and whole names, or any that is public. */
export type UrlGuardOptions = {
  allowedHosts: readonly string[] | 'any'
  /** The setting that says so, for messages; `ALLOWED_HOSTS` where absent. */
  setting?: string
  /** Also http and https to this machine, on any port. Off in Azure. */
  developmentLoopback: boolean
  /** How names become addresses; the system's way where absent. */
  lookup?: (host: string) => Promise<LookupAddress[]>
}

/** Keeps calls to URLs from outside (settings, answers of services) away from this network's own addresses. */
export type UrlGuard = {
  /**
   * Parses the URL, once: use the answer, not the text. Throws TerminalError that names `what` and the host, never the
   * query.
   */
  check(what: string, text: string): URL
  /** For undici's `connect`: refuses a name with any address that is not public. Not called for literal addresses. */
  lookup: LookupFunction
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The guard. Source: the rules and bypasses of OWASP API7:2023, server-side request forgery. */
export function createUrlGuard(options: UrlGuardOptions): UrlGuard {
  const resolve = options.lookup ?? resolveAll
  return {
    check(what, text) {
      const url = URL.canParse(text) ? new URL(text) : undefined
      const reason = url === undefined ? 'it is no URL' : refusal(url, options)
      if (url === undefined || reason !== undefined) {
        throw new TerminalError(
          `Cannot use the ${what}${url === undefined ? '' : ` at ${url.host}`}: ${reason}`,
        )
      }
      return url
    },
    lookup(host, settings, callback) {
      resolve(host).then(
        (addresses) => {
          const wrong = addresses.find(({ address }) => !isReachable(address, host, options))
          if (wrong !== undefined || addresses[0] === undefined) {
            callback(new TerminalError(`Cannot call ${host}: it has an address that is not public`), '', 0)
          } else if (settings.all) callback(null, addresses)
          else callback(null, addresses[0].address, addresses[0].family)
        },
        (error: NodeJS.ErrnoException) => callback(error, '', 0),
      )
    },
  }
}

/** Why a URL is refused; undefined when it is fine. Pure. */
function refusal(url: URL, options: UrlGuardOptions): string | undefined {
  const { allowedHosts, developmentLoopback, setting = 'ALLOWED_HOSTS' } = options
  if (url.username !== '' || url.password !== '') return 'it holds a user or a password'
  if (loopbackNames.has(url.hostname) && developmentLoopback) {
    return /^https?:$/.test(url.protocol) ? undefined : 'it is neither http nor https'
  }
  if (url.protocol !== 'https:') return 'it is not https'
  if (url.port !== '') return 'it names a port'
  if (url.hostname.startsWith('[') || isIP(url.hostname) !== 0) return 'it is an address, not a name'
  if (allowedHosts === 'any') return undefined
  const isAllowed = allowedHosts.some((host) =>
    host.startsWith('.') ? url.hostname.endsWith(host) && url.hostname !== host : url.hostname === host,
  )
  return isAllowed ? undefined : `the host is not in ${setting}`
}

function resolveAll(host: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)))
  })
}

function isReachable(address: string, host: string, options: UrlGuardOptions): boolean {
  if (options.developmentLoopback && loopbackNames.has(host))
    return loopback.check(address, familyOf(address))
  return isPublicAddress(address)
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Private, shared, loopback, link-local, documentation, benchmark, multicast, reserved; Azure's own platform address. Source: IANA special-purpose registries. */
const special = new BlockList()
for (const [subnet, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  special.addSubnet(subnet, bits, 'ipv4')
}
/** Of IPv6 only 2000::/3 is public, without Teredo, documentation and 6to4, which may hold any IPv4 address. */
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')
special.addSubnet('2001::', 23, 'ipv6')
special.addSubnet('2001:db8::', 32, 'ipv6')
special.addSubnet('2002::', 16, 'ipv6')
special.addSubnet('3fff::', 20, 'ipv6')

/** Whether an address is one of the public internet. Pure. */
export function isPublicAddress(address: string): boolean {
  const family = familyOf(address)
  if (isIP(address) === 0 || special.check(address, family)) return false
  return family === 'ipv4' || globalUnicast.check(address, 'ipv6')
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
