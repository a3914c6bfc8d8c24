import type { IncomingHttpHeaders } from 'node:http'
import { serviceError } from '../http/serviceError.ts'

/**
 * Throws Forbidden (403) unless the request names this machine: a page of another site in this machine's browser may call
 * loopback too, with its own Origin, or with a name of its own that leads here.
 */
export function checkCaller({ host, origin }: IncomingHttpHeaders): void {
  if (!isLoopback(`http://${host ?? ''}`)) throw foreign(`The host "${host ?? ''}" is not this machine.`)
  if (origin !== undefined && !isLoopback(origin))
    throw foreign(`The origin "${origin}" is not this machine.`)
}

function isLoopback(url: string): boolean {
  const name = URL.parse(url)?.hostname ?? ''
  return name === 'localhost' || name === '[::1]' || /^127(\.\d+){3}$/.test(name)
}

function foreign(message: string): Error {
  return serviceError('Forbidden', 'ForeignCaller', message)
}
