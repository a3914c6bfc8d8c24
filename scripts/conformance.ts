import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const root = join(import.meta.dirname, '..')

const usage = `npm run conformance -- [--host builtIn|func] [--func FILE]
  --host  the Functions host under test: the built-in one unless given, or Azure Functions Core Tools
  --func  the Core Tools' command, if it is not "func" on the path`

/** How long a `func` may take to say its version: one without its host downloads or hangs. */
const versionMs = 30_000

/**
 * Runs the conformance tests of the local host (`test/local/host/conformance`) against the host of one's choice; for the
 * built-in one also those that need a clock of their own (`test/local/host`).
 */
function main(): number {
  const { values } = parseArgs({
    options: { host: { type: 'string', default: 'builtIn' }, func: { type: 'string', default: 'func' } },
  })
  if (values.host !== 'builtIn' && values.host !== 'func') throw new Error(usage)
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

try {
  process.exitCode = main()
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown)
  process.exitCode = 1
}
