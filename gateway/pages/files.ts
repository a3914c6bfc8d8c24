import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A file as it is served. */
export type PageFile = { contentType: string; body: string }

const types: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
}
const own = join(import.meta.dirname, 'assets')
const swaggerFiles = ['swagger-ui.css', 'swagger-ui-bundle.js']

/** Where the web service of the guide's example is, to be filled in beforehand. */
export type Example = { workspace: string; service: string }

/**
 * Every file of the try-it and usage pages by its path, read once. Where `swagger-ui-dist` is not installed (it is not
 * needed in production) the try-it page is left out.
 */
export function loadPageFiles(example?: Example): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>()
  const add = (path: string, file: string) => files.set(path, readPageFile(file))
  for (const name of ['gateway.css', 'icon.svg', 'tryIt.css', 'tryIt.js'])
    add(`/assets/${name}`, join(own, name))
  files.set('/try-it/openapi.json', openApiFile(example))
  const swagger = findSwagger()
  if (swagger === undefined) return files
  add('/try-it/', join(own, 'tryIt.html'))
  for (const name of swaggerFiles) add(`/try-it/${name}`, join(swagger, name))
  return files
}

/** The OpenAPI document, with the example's workspace and service where there is one. */
function openApiFile(example: Example | undefined): PageFile {
  const document = JSON.parse(readFileSync(openApiPath, 'utf8'))
  for (const [name, value] of Object.entries(example ?? {})) {
    document.components.parameters[name].example = value
  }
  return { contentType: types.json ?? '', body: JSON.stringify(document) }
}

/** The OpenAPI document of the five operations. */
export const openApiPath = join(import.meta.dirname, '..', 'openapi.json')

function readPageFile(file: string): PageFile {
  const contentType = types[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  return { contentType, body: readFileSync(file, 'utf8') }
}

function findSwagger(): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
    return swaggerFiles.every((name) => existsSync(join(folder, name))) ? folder : undefined
  } catch {
    return undefined
  }
}
