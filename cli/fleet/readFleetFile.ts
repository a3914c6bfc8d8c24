import { readFileSync } from 'node:fs'
import { type Document, LineCounter, parseDocument } from 'yaml'
import type { FleetProblem } from '../../shared/fleet/declaredModels.ts'
import { type FleetFile, fleetFile } from '../../shared/fleet/fleetFile.ts'
import { UsageError } from '../errors.ts'
import { checkableRest, type Issue } from './checkableRest.ts'
import { noSuchField } from './noSuchField.ts'
import { keyPlaceOf, type Place, placeOf } from './sourceMap.ts'

/** Something that is wrong in a fleet file: where, at which path, and what is expected. */
export type FileProblem = Place & { path: string; message: string }

/** A fleet file as far as it could be read; `place` says where problems found later stand. */
export type ReadFleet = {
  file: FleetFile | undefined
  /** Of a file that is wrong, what can be checked further. */
  rest?: FleetFile | undefined
  problems: FileProblem[]
  place(problem: FleetProblem): FileProblem
}

/** Enough for a file whose models share settings by anchors; `*` of `*` of `*` is no settings. */
const maxAliasCount = 10_000

/** Reads a fleet file; throws UsageError where there is none. */
export function readFleetFile(path: string): ReadFleet {
  try {
    return parseFleet(readFileSync(path, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    const reason = code === 'ENOENT' ? 'there is no such file' : code
    throw new UsageError(`Cannot read ${path}: ${reason}`, { cause: error })
  }
}

/** Parses YAML or JSON and says all that is wrong with it at once. Pure. */
export function parseFleet(text: string): ReadFleet {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true })
  const syntax = syntaxProblems(document, lines)
  const place = (problem: FleetProblem): FileProblem => ({
    ...placeOf(document, lines, problem.path),
    path: pathText(problem.path),
    message: problem.message,
  })
  // What only has a key twice can be checked further.
  if (document.contents === null || document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) {
    return { file: undefined, problems: sorted(syntax), place }
  }
  const json: unknown = document.toJS({ maxAliasCount }) ?? {}
  const decoded = fleetFile.safeParse(json)
  if (decoded.success) {
    if (syntax.length === 0) return { file: decoded.data, problems: [], place }
    return { file: undefined, rest: decoded.data, problems: syntax, place }
  }
  const issues = decoded.error.issues.flatMap(flatten)
  const wrong = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => {
          const path = [...issue.path, key]
          return {
            ...keyPlaceOf(document, lines, path),
            path: pathText(path),
            message: noSuchField(key),
          }
        })
      : [place({ path: issue.path as (string | number)[], message: messageOf(issue) })],
  )
  const rest = checkableRest(json, issues)
  return { file: undefined, rest, problems: sorted([...syntax, ...wrong]), place }
}

/** A file that is empty, cut off perhaps, must not read as a fleet without customers. */
function syntaxProblems({ errors, contents }: Document, lines: LineCounter): FileProblem[] {
  if (errors.length === 0 && contents === null) {
    return [{ line: 1, column: 1, path: '', message: 'the file is empty' }]
  }
  return errors.map(({ message, pos, code }) => {
    const { line, col } = lines.linePos(pos[0])
    const said = code === 'DUPLICATE_KEY' ? 'the key is there twice' : message
    return { line, column: col, path: '', message: said }
  })
}

/** Of a value that may be several things, what is wrong with the one it looks like most. Pure. */
function flatten(issue: Issue): Issue[] {
  if (issue.code === 'invalid_key') {
    return issue.issues.map((inner) => ({ ...inner, path: issue.path }))
  }
  if (issue.code !== 'invalid_union') return [issue]
  const meant = issue.errors.find((branch) =>
    branch.some(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  )
  if (meant === undefined) return [issue]
  return meant.flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] }))
}

/** A field that has to be there and is not reads as one of a wrong type. Pure. */
function messageOf({ code, message }: Issue): string {
  return code === 'invalid_type' && message.endsWith('received undefined') ? 'has to be there' : message
}

/** In the order of the file. Pure. */
export function sorted(problems: readonly FileProblem[]): FileProblem[] {
  return [...problems].sort((one, other) => one.line - other.line || one.column - other.column)
}

/** `customers.contoso.census.gate.limits[0]`. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}
