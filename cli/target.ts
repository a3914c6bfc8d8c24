import { join } from 'node:path'
import { readProcess } from '../local/process/processTable.ts'
import { judgeStack, readStackFile } from '../local/process/stackFile.ts'
import { CliError, exitCodes, UsageError } from './errors.ts'

/** The app that is talked to: `url` without a slash at its end and without `/api`. The key goes into a header only. */
export type Target = { url: string; key?: string | undefined }

/** What may name the app, the first that does: the options, the environment, the local stack. */
export type TargetHints = {
  url?: string | undefined
  key?: string | undefined
  env: Readonly<Record<string, string | undefined>>
  /** The project's `.local`. */
  folder: string
}

/** Finds the app to talk to; throws UsageError for a URL that is none, CliError (5) where nothing is named and no stack runs. */
export function findTarget({ url, key, env, folder }: TargetHints): Target {
  const named = url ?? presence(env.RETRAIN_URL)
  const itsKey = normalKey(key ?? presence(env.RETRAIN_KEY))
  if (named !== undefined) return { url: normalUrl(named), key: itsKey }
  const stack = findStack(folder)
  return { url: normalUrl(stack.urls.functions), key: itsKey ?? stack.functionsKey }
}

/** The running local stack. */
export type LocalStack = {
  urls: { functions: string; emulator: string; storage: string }
  connectionString: string
  functionsKey?: string | undefined
}

/** Finds the running stack by its file; throws one line that says how to start one. */
export function findStack(folder: string, read = readProcess): LocalStack {
  const file = readStackFile(folder)
  if (judgeStack(file, read).kind !== 'running') {
    throw new CliError(
      'Cannot find an app to talk to: no local stack runs (npm start starts one), and RETRAIN_URL is not set',
      exitCodes.unreachable,
    )
  }
  if (file?.urls === undefined || file.connectionString === undefined) {
    throw new CliError(
      'Cannot use the local stack: it is still starting; try again in a moment',
      exitCodes.unreachable,
    )
  }
  return { urls: file.urls, connectionString: file.connectionString, functionsKey: file.functionsKey }
}

/** The folder of the local stack's state. */
export function stackFolder(root: string, env: TargetHints['env']): string {
  return presence(env.RETRAIN_STACK) ?? join(root, '.local')
}

function normalUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError('Cannot use the URL of the app: it has to begin with http:// or https://')
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/api$/, '')
}

/** A header takes visible ASCII only; what else it is would be told with the key in it. */
function normalKey(text: string | undefined): string | undefined {
  const key = text?.trim()
  if (key === undefined || /^[\x21-\x7e]+$/.test(key)) return key
  throw new UsageError(
    'Cannot use the key: it is empty or has characters that no key has (--key or RETRAIN_KEY)',
  )
}

const presence = (text: string | undefined) => (text === undefined || text === '' ? undefined : text)
