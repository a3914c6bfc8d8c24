import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from '../../emulator/start.ts'

/**
 * An emulator in a process of its own, so that what measures it does not share its event loop. Its one argument is JSON
 * with options of `startEmulator`; prints what it serves as one line, ends with SIGTERM and leaves nothing behind.
 */
const dataFolder = await mkdtemp(join(tmpdir(), 'bench-emulator-'))
const starting = startEmulator({
  ...JSON.parse(process.argv[2] ?? '{}'),
  dataFolder,
  admin: true,
  report: (line) => console.error(line),
})
process.once('SIGTERM', () => {
  void starting
    .then((emulator) => emulator.close())
    .then(async () => {
      await rm(dataFolder, { recursive: true, force: true })
      process.exit(0)
    })
})
console.log(JSON.stringify((await starting).describe()))
