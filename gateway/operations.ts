/** What the API's path begins with, before the operations' own. */
export const apiSuffix = 'azureml-demo'

/** One operation: `urlTemplate` is the guide's, after the suffix, with its parameters in braces. */
export type Operation = {
  id: 'rrs-execute' | 'bes-submit' | 'bes-start' | 'bes-status' | 'bes-delete'
  name: string
  method: 'GET' | 'POST' | 'DELETE'
  urlTemplate: string
}

const service = '/workspaces/{workspace}/services/{service}'
const version = 'api-version={apiversion}'
const job = `${service}/jobs/{jobid}`

/** The five operations of the guide. Source: manage-with-api-management.md, "Add the operations". */
export const operations: readonly Operation[] = [
  {
    id: 'rrs-execute',
    name: 'RRS Execute',
    method: 'POST',
    urlTemplate: `${service}/execute?${version}&details={details}`,
  },
  { id: 'bes-submit', name: 'BES Submit', method: 'POST', urlTemplate: `${service}/jobs?${version}` },
  { id: 'bes-start', name: 'BES Start', method: 'POST', urlTemplate: `${job}/start?${version}` },
  { id: 'bes-status', name: 'BES Status', method: 'GET', urlTemplate: `${job}?${version}` },
  { id: 'bes-delete', name: 'BES Delete', method: 'DELETE', urlTemplate: `${job}?${version}` },
]

/** An operation's path: its template without the query, which calls may leave out (the service then says what it misses). */
export function pathTemplate({ urlTemplate }: Operation): string {
  return urlTemplate.replace(/\?.*$/, '')
}

/**
 * A parameter of a path: letters, digits, `-`, `_`, and dots that do not lead it. Whatever could change the path's meaning
 * on the way (`..`, `%2f`, `\`, an empty part) matches no operation.
 */
const parameter = '[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}'

const patterns = operations.map((operation) => ({
  operation,
  pattern: new RegExp(`^/${apiSuffix}(${pathTemplate(operation).replace(/\{\w+\}/g, parameter)})$`, 'i'),
}))

/** The operation of a request's method and path (without its query), and the path behind the suffix. Pure. */
export function matchOperation(
  method: string,
  path: string,
): { operation: Operation; path: string } | undefined {
  for (const { operation, pattern } of patterns) {
    if (operation.method !== method) continue
    const found = pattern.exec(path)?.[1]
    if (found !== undefined) return { operation, path: found }
  }
  return undefined
}
