import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkInfra } from '../../scripts/infra/checkInfra.ts'
import { formatProblem } from '../../scripts/infra/problem.ts'
import { hasSchemas, root, schemas } from './folders.ts'

test('the deployment has no problems, and only alert rules are without types', async () => {
  const { problems, skipped } = await checkInfra(root, schemas)
  expect(problems.map(formatProblem)).toEqual([])
  if (!hasSchemas) return
  expect(skipped).toEqual([
    'Microsoft.Insights/actionGroups@2023-01-01: not checked, its types are absent',
    'Microsoft.Insights/metricAlerts@2018-03-01: not checked, its types are absent',
    'Microsoft.Insights/scheduledQueryRules@2022-06-15: not checked, its types are absent',
  ])
})

test('without the public schemas the own rules still run, and each lack is one line', async () => {
  const { problems, skipped } = await checkInfra(root, join(root, 'none'))
  expect(problems.map(formatProblem)).toEqual([])
  expect(skipped).toEqual([
    'Bicep: syntax and names only, the resource types are absent',
    'policies: well-formed and by our own rules only, their schemas are absent',
    'azure.yaml: well-formed only, its schema is absent',
  ])
})

test('roles are GUIDs, each once', () => {
  const roles: Record<string, string> = JSON.parse(readFileSync(join(root, 'infra', 'roles.json'), 'utf8'))
  const ids = Object.values(roles)
  expect(ids.filter((id) => !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
})

test('what the Dockerfile and the workflows name is there', () => {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list = '']) =>
    list.split(' '),
  )
  expect(copied).toContain('host.json')
  expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([])
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const workflows = ['check.yml', 'deploy.yml'].map((name) =>
    readFileSync(join(root, '.github', 'workflows', name), 'utf8'),
  )
  for (const workflow of workflows) expect(Object.keys(parse(workflow).jobs).length).toBeGreaterThan(1)
  const run = [...[dockerfile, ...workflows].join('\n').matchAll(/npm run ([\w:]+)/g)].map(
    ([, name = '']) => name,
  )
  expect(run.filter((name) => scripts[name] === undefined)).toEqual([])
})
