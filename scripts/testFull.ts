import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

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
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const tests = spawnSync(process.execPath, [vitest, 'run', '--project', 'full', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ONNXRUNTIME_WEB: join(folder, 'node_modules/onnxruntime-web') },
  })
  process.exitCode = tests.status ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
