import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

/**
 * The environment of the app: `Values` of DIR/local.settings.json under what is set already, and what the Core Tools set
 * for a local app. Throws when the file is encrypted or no JSON.
 */
export async function loadEnvironment(root: string, given: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const environment: NodeJS.ProcessEnv = {
    FUNCTIONS_WORKER_RUNTIME: 'node',
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    ...(await readLocalSettings(root)),
    ...given,
    AzureWebJobsScriptRoot: root,
  }
  if (environment.FUNCTIONS_WORKER_RUNTIME !== 'node') {
    throw new Error(
      `Cannot start the host: FUNCTIONS_WORKER_RUNTIME is "${environment.FUNCTIONS_WORKER_RUNTIME}", this host runs "node" only`,
    )
  }
  return environment
}

async function readLocalSettings(root: string): Promise<Record<string, string>> {
  const text = await readFile(join(root, 'local.settings.json'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    },
  )
  if (text === undefined) return {}
  return parseLocalSettings(text)
}

/** Reads `Values` of a local.settings.json. Pure. */
export function parseLocalSettings(text: string): Record<string, string> {
  let parsed: { IsEncrypted?: boolean; Values?: Record<string, unknown> }
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw new Error('Cannot read local.settings.json: it is no JSON', { cause })
  }
  if (parsed.IsEncrypted === true) {
    throw new Error('Cannot read local.settings.json: it is encrypted; run "func settings decrypt"')
  }
  return Object.fromEntries(Object.entries(parsed.Values ?? {}).map(([name, value]) => [name, String(value)]))
}

/** Replaces each `%NAME%` by the setting of that name; throws when there is none. Pure. */
export function resolveSettings(text: string, environment: NodeJS.ProcessEnv, what: string): string {
  return text.replace(/%([^%\s]+)%/g, (_all, name: string) => {
    const value = environment[name]
    if (value !== undefined && value !== '') return value
    throw new Error(`Cannot resolve ${what}: there is no setting ${name}`)
  })
}

/**
 * The host id: receipts, status and locks hang on it. `AzureFunctionsWebHost__hostid` where set (lower case, digits and
 * single dashes, at most 32), else made of the machine's name and the app's folder. Throws when the given one is bad.
 */
export function hostIdOf(root: string, environment: NodeJS.ProcessEnv): string {
  const given = environment.AzureFunctionsWebHost__hostid
  if (given === undefined || given === '') {
    const machine = hostname()
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '')
      .slice(0, 15)
    return `${machine === '' ? 'local' : machine}-${createHash('sha256').update(root).digest('hex').slice(0, 10)}`
  }
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(given) && given.length <= 32) return given
  throw new Error(
    `Cannot use host id "${given}": it takes 1 to 32 lower-case letters, digits and single dashes between them`,
  )
}
