import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { settingNames } from '../../shared/config.ts'
import { root } from './folders.ts'

type Manifest = {
  kind: string
  data?: Record<string, string>
  metadata: { name: string }
  spec?: {
    template?: { spec: { containers: { env?: { name: string; value: string }[] }[] } }
    triggers?: { metadata: { queueName: string } }[]
  }
}

const text = readFileSync(join(root, 'docs', 'kubernetes.md'), 'utf8')
const yaml = /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? ''
const manifests = parseAllDocuments(yaml).map((document) => document.toJS() as Manifest)
const of = (kind: string) => manifests.filter((manifest) => manifest.kind === kind)

test('each function of the app that no request calls runs in exactly one of two deployments', () => {
  const run = of('Deployment').flatMap(({ spec }) =>
    (spec?.template?.spec.containers ?? []).flatMap(({ env = [] }) =>
      env
        .filter(({ name }) => name.startsWith('AzureFunctionsJobHost__functions__'))
        .map(({ value }) => value),
    ),
  )
  const files = readdirSync(join(root, 'functions')).filter(
    (name) => name !== 'main.ts' && name.endsWith('.ts'),
  )
  expect(run.toSorted()).toEqual(files.map((name) => name.replace(/\.ts$/, '')).toSorted())
})

test('the deployment of the API runs every function but those of the other two', () => {
  const variables = of('Deployment').flatMap(({ spec }) => spec?.template?.spec.containers ?? [])
  const names = variables.flatMap(({ env = [] }) => env)
  const running = names.filter(({ name }) => name.startsWith('AzureFunctionsJobHost__functions__'))
  const disabled = names.flatMap(({ name }) => /^AzureWebJobs\.(\w+)\.Disabled$/.exec(name)?.[1] ?? [])
  expect(disabled.toSorted()).toEqual(running.map(({ value }) => value).toSorted())
})

test('every setting of the manifest is one of the app or of the host', () => {
  const [settings] = of('ConfigMap')
  const names = Object.keys(settings?.data ?? {}).filter((name) => !name.startsWith('AzureWebJobsStorage__'))
  expect(names).toContain('POLL_SCHEDULE')
  expect(names.filter((name) => !settingNames.includes(name))).toEqual([])
})

test('the scaler watches queues that a trigger reads', () => {
  const functions = readdirSync(join(root, 'functions')).map((name) => {
    return name.endsWith('.ts') ? readFileSync(join(root, 'functions', name), 'utf8') : ''
  })
  const queues = of('ScaledObject').flatMap(
    ({ spec }) => spec?.triggers?.map(({ metadata }) => metadata.queueName) ?? [],
  )
  expect(queues.length).toBeGreaterThan(2)
  expect(queues.filter((name) => !functions.join('\n').includes(`queueName: '${name}'`))).toEqual([])
})
