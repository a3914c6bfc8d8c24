import { type ReadProcess, readProcess } from '../process/processTable.ts'
import { judgeStack, readStackFile, type StackFile } from '../process/stackFile.ts'

/** The local stack that runs. */
export type FoundStack = { urls: NonNullable<StackFile['urls']>; connectionString: string }

/** Finds the running stack by its file; throws one line that says how to start one. */
export function findStack(folder: string, read: ReadProcess = readProcess): FoundStack {
  const file = readStackFile(folder)
  if (judgeStack(file, read).kind !== 'running') {
    throw new Error('Cannot find a running local stack: start one with npm start')
  }
  if (file?.urls === undefined || file.connectionString === undefined) {
    throw new Error('Cannot use the local stack: it is still starting; try again in a moment')
  }
  return { urls: file.urls, connectionString: file.connectionString }
}
