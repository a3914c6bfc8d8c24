import type { Answer } from '../http/answer.ts'
import { pathNotFound } from '../http/notFound.ts'
import type { Admitted } from '../http/server.ts'
import { ServiceError } from '../http/serviceError.ts'
import type { Asset } from '../pages/assets.ts'
import { errorPage } from '../pages/errorPage.ts'

/** Names and descriptions are other people's text: should one get past the escaping, the browser still runs and loads nothing of it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const sniffing = { 'X-Content-Type-Options': 'nosniff' }
const pageHeaders = {
  'Content-Security-Policy': policy,
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  ...sniffing,
}

/** The page that `render` makes; a page that says so where it finds nothing. */
export async function pageAnswer(render: () => string | Promise<string>): Promise<Answer> {
  try {
    return page(200, await render())
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status !== 404) throw error
    return page(404, errorPage(error.message))
  }
}

function page(status: number, body: string): Answer {
  return { status, body, contentType: 'text/html; charset=utf-8', headers: pageHeaders }
}

/** One of the pages' own files. */
export function assetAnswer(assets: ReadonlyMap<string, Asset>, name: string | undefined): Admitted {
  const asset = assets.get(name ?? '')
  if (asset === undefined) throw pathNotFound()
  return { handle: () => ({ status: 200, ...asset, headers: { 'Cache-Control': 'no-cache', ...sniffing } }) }
}
