import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XmlBufferInputProvider, XmlDocument, XsdValidator, xmlRegisterInputProvider } from 'libxml2-wasm'

/** Validates a policy document; throws libxml2's error with the lines of what is wrong. */
export type ValidatePolicy = (document: XmlDocument) => void

const address = 'memory:policies/'

/**
 * Compiles the policy schemas of a folder, with two changes in memory without which they do not compile: a pattern that
 * XSD does not know is dropped, and `base` becomes a global element. Undefined where the folder is absent.
 */
export function loadPolicySchemas(folder: string): ValidatePolicy | undefined {
  if (!existsSync(join(folder, 'policies.xsd'))) return undefined
  const names = readdirSync(folder).filter((name) => name.endsWith('.xsd'))
  const texts = names.map((name) => [
    `${address}${name}`,
    mend(name, readFileSync(join(folder, name), 'utf8')),
  ])
  const buffers = texts.map(([url = '', text = '']) => [url, new TextEncoder().encode(text)] as const)
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(buffers)))
  const root = texts.find(([url]) => url === `${address}policies.xsd`)?.[1] ?? ''
  const validator = XsdValidator.fromDoc(XmlDocument.fromString(root, { url: `${address}policies.xsd` }))
  return (document) => validator.validate(document)
}

function mend(name: string, text: string): string {
  const withoutMark = text.replace(/^\uFEFF/, '')
  if (name === 'cross-domain.xsd') return withoutMark.replace(/<xs:pattern value="[^"]*\\x21[^"]*"\/>/g, '')
  if (name !== 'policies.xsd') return withoutMark
  return withoutMark
    .replace(/<xs:element name="base"[^>]*\/>/g, '')
    .replace('<xs:element name="policies">', '<xs:element name="base"/>\n<xs:element name="policies">')
}
