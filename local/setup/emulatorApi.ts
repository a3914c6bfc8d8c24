/** The emulator's ready line: where it is, and every web service with its endpoints. */
export type EmulatorReady = { url: string; storage: string; workspaces: Workspace[] }
export type Workspace = { id: string; token: string; webServices: WebService[] }
export type WebService = {
  id: string
  name: string
  kind: string
  endpoints: { name: string; id: string; primaryKey: string; apiLocation: string; helpLocation: string }[]
}

/** An endpoint of a predictive web service, with its key in clear. */
export type ServedEndpoint = {
  /** The management URL, what PATCH is sent to. */
  url: string
  scoringUrl: string
  primaryKey: string
}

const timeoutMs = 30_000

/** The web service of that name and the workspace it is in; throws and lists the names there are when it is missing. */
export function findWebService(
  ready: EmulatorReady,
  name: string,
): { workspace: Workspace; service: WebService } {
  for (const workspace of ready.workspaces) {
    const service = workspace.webServices.find((service) => service.name === name)
    if (service !== undefined) return { workspace, service }
  }
  const names = ready.workspaces.flatMap((workspace) => workspace.webServices.map((service) => service.name))
  throw new Error(`Cannot find the web service ${name}: the emulator has ${names.join(', ') || 'none'}`)
}

/** Adds an endpoint to a predictive web service, or answers the one there is. Source: classic protocol, section 4. */
export async function addEndpoint(
  ready: EmulatorReady,
  serviceName: string,
  name: string,
  description: string,
): Promise<ServedEndpoint> {
  const { workspace, service } = findWebService(ready, serviceName)
  const url = `${ready.url}/workspaces/${workspace.id}/webservices/${service.id}/endpoints/${name}`
  const found = await call(url, workspace.token, { method: 'GET' }, [404])
  const endpoint =
    found ??
    (await call(url, workspace.token, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ Description: description, ThrottleLevel: 'High', MaxConcurrentCalls: 20 }),
    }))
  const { PrimaryKey, ApiLocation } = endpoint as { PrimaryKey?: string; ApiLocation?: string }
  if (PrimaryKey === undefined || ApiLocation === undefined) {
    throw new Error(`Cannot add endpoint ${name}: the answer has no PrimaryKey or no ApiLocation`)
  }
  return { url, scoringUrl: ApiLocation, primaryKey: PrimaryKey }
}

/** Where the endpoint says its model was loaded from: container and path; `undefined` before its first update. */
export async function modelLocation(endpoint: ServedEndpoint): Promise<string | undefined> {
  const answer = (await call(endpoint.url, endpoint.primaryKey, { method: 'GET' })) as {
    Resources?: { Location?: { RelativeLocation?: string } }[]
  }
  return answer.Resources?.[0]?.Location?.RelativeLocation
}

/** How far a job is, 0 to 1; `undefined` where the emulator does not say. */
export async function jobShare(emulatorUrl: string, jobId: string): Promise<number | undefined> {
  const response = await fetch(`${emulatorUrl}/admin/jobs/${jobId}`, { signal: AbortSignal.timeout(5_000) })
  if (!response.ok) return undefined
  const { progress } = (await response.json()) as { progress?: unknown }
  return typeof progress === 'number' ? progress : undefined
}

/** Scores rows (RRS, `format=swagger`); one answer for each row, by output column. */
export async function scoreRows(
  endpoint: ServedEndpoint,
  rows: readonly Record<string, string>[],
): Promise<Record<string, string>[]> {
  const url = `${endpoint.scoringUrl}/execute?api-version=2.0&format=swagger`
  const answer = (await call(url, endpoint.primaryKey, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ Inputs: { input1: rows }, GlobalParameters: {} }),
  })) as { Results?: Record<string, Record<string, string>[]> }
  const scored = answer.Results?.output1
  if (scored?.length === rows.length) return scored
  throw new Error(`Cannot score ${rows.length} rows: the endpoint answered ${scored?.length ?? 'no'} rows`)
}

/** Answers the decoded body; `undefined` for a status in `none`. Throws with the service's own words for any other failure. */
async function call(url: string, key: string, init: RequestInit, none: number[] = []): Promise<unknown> {
  const response = await fetch(url, {
    ...init,
    headers: { ...init.headers, Authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (none.includes(response.status)) return undefined
  const text = await response.text()
  if (response.ok) return JSON.parse(text)
  throw new Error(`Cannot ${init.method} ${new URL(url).pathname}: ${response.status} ${text.slice(0, 400)}`)
}
