/**
 * The emulator's own API as the portal calls it: the management plane with the workspace's token, the data plane with an
 * endpoint's key. Token and keys are kept in memory only, until the page is left.
 */
const { workspace, service } = document.querySelector('#service').dataset
const endpointsPath = `/workspaces/${workspace}/webservices/${service}/endpoints`
const known = { token: undefined }

/** Resolves to the workspace's token: on this machine the emulator gives it to its own page, elsewhere `ask` does. */
async function workspaceToken(ask) {
  if (known.token === undefined) {
    const path = `/portal/workspaces/${workspace}/token`
    const response = await fetch(path, { method: 'POST', headers: { 'x-portal': '1' } })
    known.token = response.ok ? (await response.json()).token : await ask()
  }
  return known.token
}

/** Calls the management plane about an endpoint. Throws an Error with the service's own words and `status`. */
export async function manage(method, path, { ask, body } = {}) {
  const headers = { Authorization: `Bearer ${await workspaceToken(ask)}` }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const response = await fetch(`${endpointsPath}/${path}`, {
    method,
    headers,
    body: body && JSON.stringify(body),
  })
  if (response.status === 401) known.token = undefined
  return answered(response)
}

/** The endpoint's swagger document: its ports, columns and sample row. */
export async function describeEndpoint(id) {
  return (await answered(await fetch(`/workspaces/${workspace}/services/${id}/swagger.json`))).json
}

/** Scores rows. */
export async function score(id, key, body) {
  const response = await fetch(
    `/workspaces/${workspace}/services/${id}/execute?api-version=2.0&details=true`,
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    },
  )
  return (await answered(response)).json
}

async function answered(response) {
  const text = await response.text()
  const json = text === '' ? undefined : JSON.parse(text)
  if (response.ok || response.status === 304) return { status: response.status, json }
  const problem = problemOf(json) ?? `The service answered with status ${response.status}`
  throw Object.assign(new Error(problem), { status: response.status })
}

function problemOf(json) {
  const details = json?.error?.details ?? []
  return details.map((detail) => detail.message).join(' ') || json?.error?.message
}
