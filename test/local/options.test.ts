import { expect, test } from 'vitest'
import { parseStartOptions } from '../../local/options.ts'
import { choosePorts, usualPorts } from '../../local/parts/choosePorts.ts'
import { coreToolsProblem } from '../../local/parts/coreTools.ts'

test('without arguments everything has its usual place', () => {
  expect(parseStartOptions([])).toEqual({
    once: false,
    json: false,
    fresh: false,
    empty: false,
    quiet: false,
    help: false,
    host: 'local',
    ports: {},
  })
})

const ports: [args: string[], ports: object][] = [
  [['--port', '7072'], { functions: 7072 }],
  [['--emulator-port', '0'], { emulator: 0 }],
  [['--storage-port', '11000'], { blob: 11000, queue: 11001, table: 11002 }],
  [['--storage-port', '0'], { blob: 0, queue: 0, table: 0 }],
]
test.each(ports)('ports: %j', (args, expected) => {
  expect(parseStartOptions(args).ports).toEqual(expected)
})

const refused: [args: string[], message: string][] = [
  [['--port', 'x'], 'Cannot use --port x'],
  [['--port', '70000'], 'Cannot use --port 70000'],
  [['--storage-port', '65534'], 'to 65533'],
  [['--host', 'azure'], 'Cannot use --host azure: it is local or func'],
  [['--foo'], "Cannot start: Unknown option '--foo' (see npm start -- --help)"],
  [['foo'], "Cannot start: Unexpected argument 'foo'"],
  [['--port'], "Cannot start: Option '--port <value>' argument missing"],
]
test.each(refused)('refused: %j', (args, message) => {
  expect(() => parseStartOptions(args)).toThrow(message)
})

test('a taken port is left alone, and the line says which flag chooses another', async () => {
  const lines: string[] = []
  const print = (line: string) => lines.push(line)
  const chosen = await choosePorts({}, { print, isFree: async (port) => port !== 7071 })
  expect(chosen).toEqual({ ...usualPorts, functions: chosen.functions })
  expect(lines).toEqual([
    `port 7071 (functions) is taken: using ${chosen.functions} (choose one with --port N)`,
  ])
})

test('Core Tools must really run and be version 4', () => {
  expect(coreToolsProblem({ kind: 'answered', text: '4.15.1' })).toBeUndefined()
  expect(coreToolsProblem({ kind: 'answered', text: '3.0.1' })).toMatch(
    /4 are needed, func says 3\.0\.1; install/,
  )
  expect(coreToolsProblem({ kind: 'failed', reason: 'spawnSync func ENOENT' })).toMatch(
    /do not run here \(spawnSync func ENOENT\); install them with npm/,
  )
})
