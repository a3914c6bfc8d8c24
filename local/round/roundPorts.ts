import { setTimeout as delay } from 'node:timers/promises'
import { uploadDrop } from '../setup/appStorage.ts'
import { jobShare, modelLocation } from '../setup/emulatorApi.ts'
import { sample, samplePath } from '../setup/sample.ts'
import type { Stack } from '../stack.ts'
import type { Screen } from '../view/screen.ts'
import { measureEndpoint } from './quality.ts'
import type { RoundPorts } from './runRound.ts'

const lookEveryMs = { active: 200, idle: 1_000 }

/** A round's ports over a running stack and a screen. */
export function createRoundPorts(stack: Stack, screen: Screen): RoundPorts {
  const { root, folder, customers, storage, assertRunning } = stack
  return {
    folder,
    customers,
    assertRunning,
    ...screen,
    rows: storage.rows,
    countInputRows: storage.countInputRows,
    now: () => Date.now(),
    nextLook: (isActive) => delay(isActive ? lookEveryMs.active : lookEveryMs.idle),
    measure: ({ customerId, endpoint }) => measureEndpoint(root, customerId, endpoint),
    modelLocation,
    // Progress is only shown: without it the line goes without its bar.
    jobShare: (jobId) => jobShare(stack.urls.emulator, jobId).catch(() => undefined),
    async drop(customerId, name, part) {
      const blobName = `${customerId}/${sample.model}/${name}`
      if ((await storage.trainingData.facts(blobName)) !== undefined) return
      await uploadDrop(storage.trainingData, blobName, samplePath(root, customerId, part))
    },
  }
}
