import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { findNode, root } from './node.js'

/**
 * Runs a TypeScript file of the project: `node bin/run.js local/start.ts --once`. Any Node from 18 may start it;
 * what runs is the Node in node_modules, else this one if it is new enough.
 */
export function run(args) {
  const node = findNode()
  if (node === undefined) {
    process.stderr.write(
      `Cannot run on Node ${process.versions.node}: install Node 22.19 or newer (24 is best), or run npm ci again without --omit=optional\n`,
    )
    process.exit(1)
  }
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], {
    stdio: 'inherit',
    cwd: process.cwd(),
  })
  // The terminal sends Ctrl-C to the whole group: the child ends by itself, and this process waits for it.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exit(code === null ? 128 + constants.signals[signal] : code)
  })
}

if (process.argv[1] !== undefined && process.argv[1].endsWith('run.js')) {
  const [file, ...rest] = process.argv.slice(2)
  run([`${root}/${file}`, ...rest])
}
