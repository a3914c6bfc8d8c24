import { watch } from 'node:fs'

/** An editor writes a file in several steps: so long after the last one it is read. */
const quietMs = 100

/**
 * Publishes again when an experiment file of the folders changes, one publishing after the other. A file that is wrong is
 * reported and what is published stays. Answers how to stop, which waits for a publishing under way.
 */
export function watchExperiments(
  folders: readonly string[],
  publish: () => Promise<void>,
  report: (line: string) => void,
): () => Promise<void> {
  let publishing: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const tell = (error: unknown) => report(error instanceof Error ? error.message : String(error))
  const changed = (_event: string, name: string | null) => {
    if (name !== null && !name.endsWith('.json')) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      publishing = publishing.then(publish).catch(tell)
    }, quietMs)
  }
  const watchers = folders.flatMap((folder) => {
    try {
      return [watch(folder, changed).on('error', tell)]
    } catch (error) {
      // No watches left on this machine, or a file system without them: the files are read at the next start.
      report(`Cannot watch ${folder}: ${error instanceof Error ? error.message : String(error)}`)
      return []
    }
  })
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
    return publishing
  }
}
