import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '')

/** The layer a file belongs to, by the longest folder that matches. */
const layers = [
  'functions',
  'shared/ports.ts',
  'shared/config.ts',
  'shared/adapters/storage',
  'shared/adapters',
  'shared/api',
  'shared/fleet',
  'shared/retraining',
  'shared/lib',
  'emulator',
  'gateway',
  'local',
  'cli',
]
const layerOf = (file: string) => layers.find((layer) => file === layer || file.startsWith(`${layer}/`))

/** What each layer may import of the project: itself and these. */
const allowed: Record<string, string[]> = {
  functions: ['shared/ports.ts', 'shared/api', 'shared/retraining'],
  'shared/ports.ts': [
    'shared/config.ts',
    'shared/adapters',
    'shared/adapters/storage',
    'shared/retraining',
    'shared/lib',
  ],
  'shared/config.ts': ['shared/lib'],
  'shared/adapters': ['shared/adapters/storage', 'shared/config.ts', 'shared/retraining', 'shared/lib'],
  'shared/adapters/storage': ['shared/retraining', 'shared/lib'],
  'shared/api': ['shared/fleet', 'shared/retraining', 'shared/lib'],
  'shared/fleet': ['shared/retraining', 'shared/lib'],
  'shared/retraining': [],
  'shared/lib': [],
  emulator: [],
  gateway: ['shared/adapters/storage', 'shared/lib'],
  cli: ['shared/api', 'shared/fleet', 'shared/retraining', 'shared/lib', 'gateway', 'local'],
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [
    ...text.matchAll(/^(?:import|export)\s[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gm),
  ]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative(root, join(root, dirname(file), specifier)))
}

test('imports run downward: functions, ports, adapters, retraining; the emulator stands alone', () => {
  const wrong = files.flatMap((file) => {
    const layer = layerOf(file)
    const may = layer === undefined ? undefined : allowed[layer]
    if (layer === undefined || may === undefined) return []
    return importsOf(file)
      .filter((target) => {
        const of = layerOf(target)
        return of !== layer && (of === undefined || !may.includes(of))
      })
      .map((target) => `${file} imports ${target}`)
  })
  expect(wrong).toEqual([])
})

test('no file is longer than 200 lines', () => {
  const long = files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 201)
  expect(long).toEqual([])
})
