/** One customer's model: whose data, model and endpoint everything below is about. */
export type ModelKey = { customerId: string; model: string }

/** One retraining run: the model's numbered generation. */
export type RunKey = ModelKey & { generation: number }

const pattern = /^[a-z0-9][a-z0-9-]{0,62}$/

/** Source: Naming and Referencing Containers, Blobs, and Metadata. */
const longestName = 1_024

/** A backslash is turned into a slash on the way, as `..` in a URL's path takes a folder away: either could reach another customer's data. */
const unsafe = /[\\\p{Cc}]/u

/** What a blob's path says of where it belongs. */
export type DropPath = ({ kind: 'fits' } & ModelKey) | { kind: 'misfit'; reason: string }

/** Whether a text can be a customer's or a model's id: lower-case letters, digits and dashes, at most 63. */
export function isId(text: string): boolean {
  return pattern.test(text)
}

/** Reads `{customerId}/{model}/{any/name.csv}`, the path of a training-data blob inside its container. Pure. */
export function parseDropPath(name: string): DropPath {
  const [customerId = '', model = '', ...rest] = name.split('/')
  if (rest.length === 0 || rest.some((part) => part === '')) {
    return { kind: 'misfit', reason: 'the path is not {customerId}/{model}/{name}.csv' }
  }
  if (name.length > longestName) return { kind: 'misfit', reason: `longer than ${longestName} characters` }
  if (unsafe.test(name) || rest.some((part) => part === '.' || part === '..')) {
    return { kind: 'misfit', reason: 'the name has a part . or .., a backslash or a control character' }
  }
  if (!isId(customerId)) return { kind: 'misfit', reason: `no customer id: ${customerId.slice(0, 80)}` }
  if (!isId(model)) return { kind: 'misfit', reason: `no model id: ${model.slice(0, 80)}` }
  if (!/\.csv$/i.test(name)) return { kind: 'misfit', reason: 'the name does not end in .csv' }
  return { kind: 'fits', customerId, model }
}

/** The blob prefix and queue text under which everything of a model lies, `contoso/census`. */
export function modelPath({ customerId, model }: ModelKey): string {
  return `${customerId}/${model}`
}

/** A generation as it stands in names that sort: ten digits. */
export function paddedGeneration(generation: number): string {
  return String(generation).padStart(10, '0')
}

/** The ids a log line carries. */
export function ids({ customerId, model, generation }: RunKey): {
  customerId: string
  model: string
  generation: number
} {
  return { customerId, model, generation }
}
