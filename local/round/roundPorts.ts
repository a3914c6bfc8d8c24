import { uploadDrop } from '../setup/appStorage.ts'
import { jobShare } from '../setup/emulatorApi.ts'
import { sample, samplePath } from '../setup/sample.ts'
import type { Stack } from '../stack.ts'
import type { Screen } from '../view/screen.ts'
import type { RoundPorts } from './runRound.ts'

/** A round's ports over a running stack and a screen. */
export function createRoundPorts(stack: Stack, screen: Screen): RoundPorts {
  const { root, folder, customers, storage, assertRunning } = stack
  return {
    root,
    folder,
    customers,
    assertRunning,
    ...screen,
    rows: storage.rows,
    countInputRows: storage.countInputRows,
    now: () => Date.now(),
    // Progress is only shown: without it the line goes without its bar.
    jobShare: (jobId) => jobShare(stack.urls.emulator, jobId).catch(() => undefined),
    async drop(customerId, name, part) {
      const blobName = `${customerId}/${sample.model}/${name}`
      if ((await storage.trainingData.facts(blobName)) !== undefined) return
      await uploadDrop(storage.trainingData, blobName, samplePath(root, customerId, part))
    },
  }
}
