import type { ChildProcess } from 'node:child_process'
import { hasExited, stopChild } from '../process/child.ts'
import { markOf } from '../process/processTable.ts'
import { type PartName, type StackFile, writeStackFile } from '../process/stackFile.ts'

/** The stack's processes: each is written down as soon as it exists, watched, and stopped in the reverse order. */
export type Parts = {
  /** To be called right after the spawn; `folder` stands in the process's command line. */
  add(name: PartName, child: ChildProcess, folder: string): void
  /** To be called when the part is ready: from now on it must not end by itself. */
  watch(name: PartName): void
  /** Throws when a part has ended by itself. */
  assertRunning(): void
  /** Settles when a part has ended by itself, with the sentence that says so. */
  failed: Promise<string>
  stop(): Promise<void>
}

/** Azurite is never killed: it would lose acknowledged writes. */
const killAfterMs: Record<PartName, number | undefined> = {
  functions: 30_000,
  emulator: 15_000,
  storage: undefined,
}

/** Keeps the stack file of `folder` up to date with the parts that are added. */
export function createParts(folder: string, file: StackFile): Parts {
  const running: { name: PartName; child: ChildProcess }[] = []
  let isStopping = false
  let failure: string | undefined
  const { promise: failed, resolve } = Promise.withResolvers<string>()
  return {
    failed,
    add(name, child, partFolder) {
      if (child.pid === undefined) return
      running.push({ name, child })
      file.parts.push({ name, folder: partFolder, ...markOf(child.pid) })
      writeStackFile(folder, file)
    },
    watch(name) {
      const child = running.findLast((part) => part.name === name)?.child
      const fail = () => {
        if (isStopping) return
        const how = child?.signalCode ?? `code ${child?.exitCode}`
        failure ??= `Cannot go on: ${name} has ended by itself (${how}); see ${folder}/logs/${name}.log`
        resolve(failure)
      }
      if (child !== undefined && hasExited(child)) fail()
      else child?.once('exit', fail)
    },
    assertRunning() {
      if (failure !== undefined) throw new Error(failure)
    },
    async stop() {
      isStopping = true
      for (const { name, child } of running.toReversed()) await stopChild(child, killAfterMs[name])
    },
  }
}
