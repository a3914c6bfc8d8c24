import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { azureYamlProblems } from './azureYaml.ts'
import { type BicepFile, propertyOf, readDeclarations } from './bicepFile.ts'
import { loadedFileProblems, moduleProblems, parametersFileProblems } from './bicepModules.ts'
import { descriptionProblems, nameProblems } from './bicepNames.ts'
import { readProblems } from './bicepReads.ts'
import { literalText, loadBicepParser, syntaxProblems } from './bicepTree.ts'
import { typeProblems } from './bicepTypeRules.ts'
import { openTypeFolder } from './bicepTypes.ts'
import { type Declared, type PolicyFile, policyProblems } from './policyRules.ts'
import { loadPolicySchemas } from './policySchemas.ts'
import type { Problem } from './problem.ts'

/** What was found; `skipped` says in a line each what could not be checked, and why. */
export type Report = { problems: Problem[]; skipped: string[] }

/** Checks the deployment in `root` without Azure: Bicep, parameters, policies, azure.yaml. `schemas` may be absent. */
export async function checkInfra(root: string, schemas: string): Promise<Report> {
  const bicep = await readBicepFiles(root)
  const files = [...bicep.values()]
  const types = checkTypes(files, join(schemas, 'bicep-types'))
  const validate = loadPolicySchemas(join(schemas, 'apim-policies'))
  const declared = declaredFor(files)
  const policies = readPolicies(root).flatMap((policy) => policyProblems(policy, declared, validate))
  const yamlSchema = join(schemas, 'azure.yaml.schema.json')
  const problems = [
    ...files.flatMap((file) => ownProblems(file, bicep, root)),
    ...types.problems,
    ...parameterValues(root, bicep),
    ...policies,
    ...azureYamlProblems('azure.yaml', readFileSync(join(root, 'azure.yaml'), 'utf8'), yamlSchema),
  ]
  const skipped = [
    ...types.skipped,
    ...(validate === undefined
      ? ['policies: well-formed and by our own rules only, their schemas are absent']
      : []),
    ...(existsSync(yamlSchema) ? [] : ['azure.yaml: well-formed only, its schema is absent']),
  ]
  return { problems, skipped }
}

/** Every Bicep file below `infra/`, by its path in `root`. */
export async function readBicepFiles(root: string): Promise<Map<string, BicepFile>> {
  const parse = await loadBicepParser()
  const paths = globSync('infra/**/*.bicep', { cwd: root }).map((path) => path.replaceAll('\\', '/'))
  return new Map(
    paths.sort().map((path) => [path, readDeclarations(path, parse(readFileSync(join(root, path), 'utf8')))]),
  )
}

/** The rules that need no schemas. */
function ownProblems(file: BicepFile, all: ReadonlyMap<string, BicepFile>, root: string): Problem[] {
  return [
    ...syntaxProblems(file.file, file.root),
    ...nameProblems(file),
    ...descriptionProblems(file),
    ...loadedFileProblems(file, root),
    ...moduleProblems(file, all),
  ]
}

function checkTypes(files: readonly BicepFile[], folder: string): Report {
  if (!existsSync(folder)) {
    return { problems: [], skipped: ['Bicep: syntax and names only, the resource types are absent'] }
  }
  const types = openTypeFolder(folder)
  const found = files.map((file) => typeProblems(file, types))
  const unchecked = [...new Set(found.flatMap((each) => each.unchecked))].sort()
  return {
    problems: [
      ...found.flatMap((each) => each.problems),
      ...files.flatMap((file) => readProblems(file, types)),
    ],
    skipped: unchecked.map((kind) => `${kind}: not checked, its types are absent`),
  }
}

function parameterValues(root: string, bicep: ReadonlyMap<string, BicepFile>): Problem[] {
  const template = bicep.get('infra/main.bicep')
  const file = 'infra/main.parameters.json'
  if (template === undefined) return [{ file, line: 1, text: 'there is no infra/main.bicep' }]
  return parametersFileProblems(file, readFileSync(join(root, file), 'utf8'), template)
}

/** Policy files; what a file's name begins with is its scope. */
export function readPolicies(root: string): PolicyFile[] {
  return globSync('infra/policies/*.xml', { cwd: root }).map((path) => ({
    file: path.replaceAll('\\', '/'),
    scope: basename(path).startsWith('product-') ? 'product' : 'api',
    text: readFileSync(join(root, path), 'utf8'),
  }))
}

function declaredFor(files: readonly BicepFile[]): Declared {
  const names = (type: string) =>
    files
      .flatMap(({ resources }) => resources)
      .filter(({ kind }) => kind.startsWith(`Microsoft.ApiManagement/service/${type}@`))
      .flatMap((resource) => {
        const name = propertyOf(resource, 'name')
        return (name && literalText(name)) ?? []
      })
  return { backends: names('backends'), namedValues: names('namedValues') }
}
