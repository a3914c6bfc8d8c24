import { type ModelKey, modelPath } from '../retraining/names.ts'

/** Asserts that a blob lies under its own customer's and model's path, before anything is read, written or signed. */
export function assertOwnBlob(key: ModelKey, name: string): void {
  if (!name.startsWith(`${modelPath(key)}/`)) {
    throw new Error(`Cannot use a blob for ${modelPath(key)}: it belongs to another customer or model`)
  }
}
