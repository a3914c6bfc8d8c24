import { existsSync, readFileSync } from 'node:fs'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { LineCounter, parseDocument } from 'yaml'
import type { Problem } from './problem.ts'

/** `azure.yaml` against azd's schema; well-formed only where the schema is absent. Schemas of azd's extensions pass everything. */
export function azureYamlProblems(file: string, text: string, schemaPath: string): Problem[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const wrong = document.errors.map(({ message, pos }) => ({
    file,
    line: lines.linePos(pos[0]).line,
    text: message.split('\n')[0] ?? '',
  }))
  if (wrong.length > 0 || !existsSync(schemaPath)) return wrong
  const validate = compile(readFileSync(schemaPath, 'utf8'))
  if (validate(document.toJS())) return []
  return (validate.errors ?? []).map(({ instancePath, message = '', params }) => {
    const node = document.getIn(pathOf(instancePath), true) as
      | { range?: [number, number, number] }
      | undefined
    const line = node?.range === undefined ? 1 : lines.linePos(node.range[0]).line
    return { file, line, text: `${instancePath || '/'} ${message} ${JSON.stringify(params)}` }
  })
}

function compile(schemaText: string) {
  const schema = JSON.parse(schemaText) as { $id?: string }
  const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false, logger: false })
  const external = new Set(
    [...schemaText.matchAll(/"\$ref":\s*"(https:[^"#]+)"/g)].map(([, url = '']) => url),
  )
  external.delete(schema.$id ?? '')
  for (const url of external) ajv.addSchema({}, url)
  return ajv.compile(schema)
}

function pathOf(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}
