/**
 * Stands in for `apache-arrow` (250 KB) in the bundle: `@azure/storage-blob` loads it only where a list of blobs is asked for
 * in Arrow's format, and the app asks for XML, the default.
 */
export function tableFromIPC(): never {
  throw new Error('Cannot read a list of blobs in the Arrow format: the bundle leaves apache-arrow out')
}
