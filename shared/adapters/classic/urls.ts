/** The one version every data-plane call names. Management calls name none. Source: classic-protocol.md, 1. */
const apiVersion = '2.0'

/** `{jobsUrl}?api-version=2.0`; the setting may hold the query already, or a slash at the end. */
export function submitUrl(jobsUrl: URL): URL {
  return withPath(jobsUrl, '')
}

/** `{jobsUrl}/{jobId}`, or `{jobsUrl}/{jobId}/start`. */
export function jobUrl(jobsUrl: URL, jobId: string, action: '' | 'start' = ''): URL {
  return withPath(jobsUrl, `/${encodeURIComponent(jobId)}${action === '' ? '' : `/${action}`}`)
}

/** `{scoringUrl}/execute?api-version=2.0&details=true`; the setting may end in `/execute` already. */
export function executeUrl(scoringUrl: URL): URL {
  const base = new URL(scoringUrl)
  base.pathname = base.pathname.replace(/\/+$/, '').replace(/\/execute$/i, '')
  const url = withPath(base, '/execute')
  url.searchParams.delete('format')
  url.searchParams.set('details', 'true')
  return url
}

function withPath(base: URL, path: string): URL {
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`
  url.searchParams.set('api-version', apiVersion)
  url.hash = ''
  return url
}
