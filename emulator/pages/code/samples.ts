import { readFileSync } from 'node:fs'
import { sampleParameters, tableRequest } from '../bodies.ts'
import { type ApiView, endpointUrls } from '../view.ts'
import {
  codeString,
  csharp,
  type LiteralValue,
  literal,
  python,
  r,
  type Syntax,
  Variable,
} from './literal.ts'

/** Sample code of one operation, in the order of the help page; R stands last, where the R client looks for it. */
export type CodeSample = { language: 'C#' | 'Python' | 'R'; code: string }

/** The operations that there is sample code for. */
export type SampledOperation = 'score' | 'jobs' | 'update'

const languages = [
  { language: 'C#', extension: 'cs', syntax: csharp, margin: ' '.repeat(4) },
  { language: 'Python', extension: 'py', syntax: python, margin: '' },
  { language: 'R', extension: 'r', syntax: r, margin: '' },
] as const

/** The words of the sample code that its reader replaces. */
export const placeholders = {
  apiKey: '<API KEY OF THE ENDPOINT>',
  storage: '<CONNECTION STRING OF THE STORAGE ACCOUNT>',
  container: '<CONTAINER>',
} as const

const templates = new Map<string, string>()

/** Sample code that works once its reader has put in the key (and the storage account). The key is never in it. */
export function codeSamples(operation: SampledOperation, api: ApiView): CodeSample[] {
  const urls = endpointUrls(api)
  const url = { score: urls.execute, jobs: urls.jobs, update: urls.patch }[operation]
  const body = requestBody(operation, api)
  return languages.map(({ language, extension, syntax, margin }) => ({
    language,
    code: fill(template(`${operation}.${extension}`), {
      url: codeString(url),
      apiKey: codeString(placeholders.apiKey),
      storage: codeString(placeholders.storage),
      body: body === undefined ? syntax.emptyRecord : literal(body, syntax as Syntax, margin),
    }),
  }))
}

function requestBody(operation: SampledOperation, api: ApiView): LiteralValue {
  switch (operation) {
    case 'score':
      return tableRequest(api)
    case 'jobs':
      return jobRequest(api, new Variable('storage'))
    case 'update':
      return updateRequest(api, placeholderLocation)
  }
}

const extensions = { model: 'ilearner', dataset: 'csv', table: 'csv' } as const

/** A BES request: every input is a CSV, every output is overridden. `storage` is the connection string. */
export function jobRequest<T>(api: ApiView, storage: T) {
  const blob = (name: string) => ({
    ConnectionString: storage,
    RelativeLocation: `${placeholders.container}/${name}`,
  })
  return {
    Inputs: Object.fromEntries(api.inputs.map(({ name }) => [name, blob(`${name}data.csv`)])),
    Outputs: Object.fromEntries(
      api.outputs.map(({ name, kind }) => [name, blob(`${name}results.${extensions[kind]}`)]),
    ),
    GlobalParameters: sampleParameters(api.parameters),
  }
}

/** Where a trained model is, as the results of a finished job say it. */
export const placeholderLocation = {
  BaseLocation: '<BASE LOCATION OF THE RESULT>',
  RelativeLocation: '<RELATIVE LOCATION OF THE RESULT>.ilearner',
  SasBlobToken: '<SAS BLOB TOKEN OF THE RESULT>',
}

/** The body of a PATCH that updates every resource of the endpoint. */
export function updateRequest<T>(api: ApiView, location: T) {
  return { Resources: api.endpoint.resources.map((name) => ({ Name: name, Location: location })) }
}

function template(file: string): string {
  const known = templates.get(file)
  if (known !== undefined) return known
  const text = readFileSync(new URL(`./templates/${file}`, import.meta.url), 'utf8')
  templates.set(file, text)
  return text
}

function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '')
}
