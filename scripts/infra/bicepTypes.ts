import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One type of a types file; `#/n` in `$ref` is the n-th of the file. Source: Azure/bicep-types, `types.json`. */
export type BicepType =
  | { $type: 'StringType' | 'AnyType' | 'IntegerType' | 'BooleanType' | 'ResourceFunctionType' }
  | { $type: 'StringLiteralType'; value: string }
  | { $type: 'UnionType'; elements: Ref[] }
  | { $type: 'ArrayType'; itemType: Ref }
  | { $type: 'ObjectType'; properties: Record<string, Property>; additionalProperties?: Ref }
  | {
      $type: 'DiscriminatedObjectType'
      discriminator: string
      baseProperties: Record<string, Property>
      elements: Record<string, Ref>
    }
  | { $type: 'ResourceType'; name: string; body: Ref }

type Ref = { $ref: string }
/** `flags`: 1 required, 2 read-only (4 write-only, 8 known before the deployment). */
export type Property = { type: Ref; flags: number }

/** The types of one file; `get` follows a reference. */
export type TypeFile = {
  get(ref: Ref): BicepType
  resource(name: string): BicepType | undefined
  names: string[]
}

/** Reads type files of a folder `microsoft.x/version.json`, each once. A kind is `Microsoft.X/y@version`. */
export type TypeFolder = {
  /** Undefined where the folder has none of the kind's provider and version. */
  file(kind: string): TypeFile | undefined
  /** The same resource in the versions that are there. */
  kindsLike(kind: string): string[]
}

/** Opens a folder of types; it has to be there. */
export function openTypeFolder(folder: string): TypeFolder {
  const files = new Map<string, TypeFile | undefined>()
  const provider = (kind: string) => join(folder, kind.split('/')[0]?.toLowerCase() ?? '')
  const open = (path: string) => {
    if (!files.has(path)) files.set(path, existsSync(path) ? readTypeFile(path) : undefined)
    return files.get(path)
  }
  return {
    file: (kind) => open(join(provider(kind), `${kind.split('@')[1]}.json`)),
    kindsLike(kind) {
      const [type = ''] = kind.toLowerCase().split('@')
      return globSync('*.json', { cwd: provider(kind) })
        .flatMap((name) => open(join(provider(kind), name))?.names ?? [])
        .filter((name) => name.toLowerCase().startsWith(`${type}@`))
    },
  }
}

function readTypeFile(path: string): TypeFile {
  const types = JSON.parse(readFileSync(path, 'utf8')) as BicepType[]
  const get = ({ $ref }: Ref): BicepType => {
    const type = types[Number($ref.slice(2))]
    if (type === undefined) throw new Error(`Cannot read types of ${path}: there is no type ${$ref}`)
    return type
  }
  const resources = new Map(
    types.flatMap((type) => (type.$type === 'ResourceType' ? [[type.name.toLowerCase(), type]] : [])),
  )
  return {
    get,
    resource(name) {
      const found = resources.get(name.toLowerCase())
      return found && get(found.body)
    },
    names: [...resources.values()].map(({ name }) => name),
  }
}
