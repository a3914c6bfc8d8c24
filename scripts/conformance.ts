import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { endWith, readArguments, wrongArguments } from './commandLine.ts'

const root = join(import.meta.dirname, '..')

const usage = `npm run conformance -- [--host builtIn|func] [--func FILE]
  --host  the Functions host under test: the built-in one unless given, or Azure Functions Core Tools
  --func  the Core Tools' command, if it is not "func" on the path`

const options = {
  host: { type: 'string', default: 'builtIn' },
  func: { type: 'string', default: 'func' },
  help: { type: 'boolean', default: false },
} as const

/** How long a `func` may take to say its version: one without its host downloads or hangs. */
const versionMs = 30_000

/**
 * Runs the conformance tests of the local host (`test/local/host/conformance`) against the host of one's choice; for the
 * built-in one also those that need a clock of their own (`test/local/host`).
 */
function main(): number {
  const { values } = readArguments('conformance', { options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  if (values.host !== 'builtIn' && values.host !== 'func')
    throw wrongArguments('conformance', '--host is builtIn or func')
  const isFunc = values.host === 'func'
  if (isFunc) requireFunc(values.func)
  const tests = isFunc
    ? ['--project', 'integration', '--testTimeout', '180000', 'test/local/host/conformance']
    : ['--project', 'unit', '--project', 'integration', 'test/local/host']
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const environment = { ...process.env, CONFORMANCE_HOST: values.host, CONFORMANCE_FUNC: values.func }
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...tests], {
    cwd: root,
    env: environment,
    stdio: 'inherit',
  })
  return status ?? 1
}

function requireFunc(command: string): void {
  const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8', timeout: versionMs })
  if (status === 0 && stdout.startsWith('4.')) return
  throw new Error(
    `Cannot test against ${command}: it doesn't say its version; install Azure Functions Core Tools 4 or name it with --func`,
  )
}

await endWith(main)
