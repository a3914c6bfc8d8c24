import { XmlDocument, XmlElement, XmlParseError, XmlValidateError } from 'libxml2-wasm'
import type { ValidatePolicy } from './policySchemas.ts'
import { type Problem, suggestion } from './problem.ts'

/** A policy file. The scope is where Bicep puts it. */
export type PolicyFile = { file: string; scope: 'api' | 'product'; text: string }

/** What the Bicep files declare for policies to refer to. */
export type Declared = { backends: readonly string[]; namedValues: readonly string[] }

/** Most seconds of `rate-limit`. Source: rate-limit-policy.md. */
const longestRenewalSeconds = 300

/** Policies with the sections and scopes that they may stand in; the schemas know neither. Source: quota-policy.md. */
const places: Record<string, { section: string; scopes: string[] }> = {
  quota: { section: 'inbound', scopes: ['product'] },
  'rate-limit': { section: 'inbound', scopes: ['product', 'api'] },
  'set-backend-service': { section: 'inbound', scopes: ['api', 'product'] },
  'forward-request': { section: 'backend', scopes: ['api', 'product'] },
}

/** Well-formed, valid by the schemas where they are given, and by the rules of scope and reference. */
export function policyProblems(
  policy: PolicyFile,
  declared: Declared,
  validate: ValidatePolicy | undefined,
): Problem[] {
  const { file } = policy
  let document: XmlDocument
  try {
    document = XmlDocument.fromString(policy.text)
  } catch (error) {
    return detailsOf(file, error)
  }
  try {
    return [
      ...schemaProblems(file, document, validate),
      ...sectionProblems(file, document),
      ...placeProblems(policy, document),
      ...referenceProblems(policy, document, declared),
    ]
  } finally {
    document.dispose()
  }
}

function schemaProblems(
  file: string,
  document: XmlDocument,
  validate: ValidatePolicy | undefined,
): Problem[] {
  try {
    validate?.(document)
    return []
  } catch (error) {
    return detailsOf(file, error)
  }
}

function detailsOf(file: string, error: unknown): Problem[] {
  if (!(error instanceof XmlParseError || error instanceof XmlValidateError)) throw error
  return error.details.map(({ line, message }) => ({ file, line, text: message.trim() }))
}

/** Every section calls those of the scopes above; in `backend` exactly one policy sends the request on. */
function sectionProblems(file: string, document: XmlDocument): Problem[] {
  return elements(document, '/policies/*').flatMap((section) => {
    const names = elements(document, `/policies/${section.name}/*`).map(({ name }) => name)
    const isWhole =
      section.name === 'backend'
        ? names.filter((name) => name === 'base' || name === 'forward-request').length === 1
        : names.includes('base')
    return isWhole ? [] : [{ file, line: section.line, text: `${section.name} lacks <base />` }]
  })
}

function placeProblems({ file, scope }: PolicyFile, document: XmlDocument): Problem[] {
  return elements(document, '//*').flatMap((element) => {
    const place = places[element.name]
    const problems: string[] = []
    if (place && !place.scopes.includes(scope)) problems.push(`${element.name} is not for scope ${scope}`)
    if (place && element.parent?.name !== place.section) {
      problems.push(`${element.name} belongs to ${place.section}`)
    }
    const renewal = Number(element.attr('renewal-period')?.value ?? 0)
    if (element.name === 'rate-limit' && renewal > longestRenewalSeconds) {
      problems.push(`rate-limit renews after ${longestRenewalSeconds} s at most`)
    }
    return problems.map((text) => ({ file, line: element.line, text }))
  })
}

/** Back ends and `{{named values}}` that no Bicep file declares. */
function referenceProblems(policy: PolicyFile, document: XmlDocument, declared: Declared): Problem[] {
  const { file, text } = policy
  const backends = elements(document, '//set-backend-service').flatMap((element) => {
    const id = element.attr('backend-id')?.value
    if (id === undefined || declared.backends.includes(id)) return []
    return [{ file, line: element.line, text: `no such backend: ${id}${suggestion(id, declared.backends)}` }]
  })
  const values = text.split('\n').flatMap((line, i) =>
    [...line.matchAll(/\{\{([^}]+)\}\}/g)]
      .map(([, name = '']) => name)
      .filter((name) => !declared.namedValues.includes(name))
      .map((name) => ({
        file,
        line: i + 1,
        text: `no such named value: ${name}${suggestion(name, declared.namedValues)}`,
      })),
  )
  return [...backends, ...values]
}

/** So many calls in so many seconds. */
export type PolicyLimit = { calls: number; renewalPeriodSeconds: number }

/** The limits of a policy; undefined where it has none. */
export function readLimits(text: string): Record<'rate-limit' | 'quota', PolicyLimit | undefined> {
  const document = XmlDocument.fromString(text)
  try {
    return { 'rate-limit': limitOf(document, 'rate-limit'), quota: limitOf(document, 'quota') }
  } finally {
    document.dispose()
  }
}

function limitOf(document: XmlDocument, name: string): PolicyLimit | undefined {
  const [element] = elements(document, `//${name}`)
  if (element === undefined) return undefined
  const number = (attribute: string) => Number(element.attr(attribute)?.value)
  return { calls: number('calls'), renewalPeriodSeconds: number('renewal-period') }
}

function elements(document: XmlDocument, path: string): XmlElement[] {
  return document.find(path).filter((node): node is XmlElement => node instanceof XmlElement)
}
