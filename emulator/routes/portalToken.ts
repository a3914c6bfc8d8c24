import type { Emulator } from '../emulator.ts'
import { jsonAnswer } from '../http/answer.ts'
import { pathNotFound, workspaceNotFound } from '../http/notFound.ts'
import type { Request } from '../http/request.ts'
import type { Admitted } from '../http/server.ts'
import { serviceError } from '../http/serviceError.ts'

/** What of a request decides whether it gets a token. `baseUrl` begins with what the browser calls this host. */
export type TokenAsker = Pick<Request, 'headers' | 'baseUrl' | 'remoteAddress'>

/** `POST /portal/workspaces/{ws}/token`: the workspace's token, for the portal's own script on this machine. */
export function tokenAnswer(emulator: Emulator, request: Request): Admitted {
  const [, workspaces, id = '', token, more] = request.segments
  if (workspaces !== 'workspaces' || token !== 'token' || more !== undefined) throw pathNotFound()
  if (!mayHaveToken(request)) {
    const message = 'The token is given to the portal on the machine of the emulator only.'
    throw serviceError('Unauthorized', 'ManagementRequestUnauthorized', message)
  }
  const workspace = emulator.store.workspace(id)
  if (workspace === undefined) throw workspaceNotFound()
  return {
    handle: () => ({ ...jsonAnswer({ token: workspace.token }), headers: { 'Cache-Control': 'no-store' } }),
  }
}

/**
 * Whoever can open a socket to loopback can read the emulator's output and files, so the token is not hidden from them.
 * It is from others: a remote client, one behind a proxy, another site's page (it cannot send `x-portal` without a
 * preflight, which nobody answers) and a name that someone points to 127.0.0.1 (the browser's name for us must be ours).
 */
export function mayHaveToken({ headers, baseUrl, remoteAddress }: TokenAsker): boolean {
  if (!isLoopback(remoteAddress) || !isLoopback(URL.parse(baseUrl)?.hostname ?? '')) return false
  if (headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined) return false
  if (headers['x-portal'] !== '1') return false
  if (headers.origin !== undefined && headers.origin !== baseUrl) return false
  const site = headers['sec-fetch-site']
  return site === undefined || site === 'same-origin'
}

function isLoopback(name: string): boolean {
  const address = name.replace(/^\[|\]$/g, '').replace(/^::ffff:/, '')
  return address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address)
}
