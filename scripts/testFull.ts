import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openApiDocument } from '../shared/api/openApi.ts'
import { routes } from '../shared/api/routes.ts'

/**
 * `npm run test:full`: the tests that take longer. ONNX Runtime (140 MB, the referee of the model files) is installed
 * into a temporary folder for this run only; where that fails its tests fail and say so.
 */
const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'test-full-'))
try {
  const npm = [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--prefix',
    folder,
    'onnxruntime-web@1.30.0',
  ]
  const installed = spawnSync('npm', npm, {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (installed.status !== 0) console.error('Cannot install onnxruntime-web@1.30.0: npm install failed')
  const lintStatus = lintOpenApi(join(folder, 'redocly'))
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const tests = spawnSync(process.execPath, [vitest, 'run', '--project', 'full', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ONNXRUNTIME_WEB: join(folder, 'node_modules/onnxruntime-web') },
  })
  process.exitCode = tests.status === 0 ? lintStatus : (tests.status ?? 1)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Lints the gateway's and the app's OpenAPI documents with Redocly's recommended rules; answers the exit code. Redocly (83 MB) is installed likewise. */
function lintOpenApi(folder: string): number {
  mkdirSync(folder)
  const redocly = '@redocly/cli@2.77.0'
  const options = { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' } as const
  const flags = ['--no-save', '--no-audit', '--no-fund', '--prefix', folder]
  if (spawnSync('npm', ['install', ...flags, redocly], options).status !== 0) {
    console.error(`Cannot lint the OpenAPI documents: npm install of ${redocly} failed`)
    return 1
  }
  const program = join(folder, 'node_modules/@redocly/cli/bin/cli.js')
  const ofApp = join(folder, 'app.json')
  writeFileSync(ofApp, JSON.stringify(openApiDocument(routes)))
  const documents = [join(root, 'gateway/openapi.json'), ofApp]
  const lint = spawnSync(process.execPath, [program, 'lint', ...documents], {
    cwd: folder,
    stdio: 'inherit',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  })
  return lint.status ?? 1
}
