import { Presets, SingleBar } from 'cli-progress'
import type { Stream } from './output.ts'
import { harmless } from './text.ts'

/** A bar on long work. */
export type Progress = { step(count?: number): void; stop(): void }

const silent: Progress = { step: () => {}, stop: () => {} }

/** A progress bar on a terminal's stderr; silent elsewhere. `total` in steps, of whatever `label` names. */
export function startProgress(stream: Stream, total: number, label: string): Progress {
  if (stream.isTTY !== true || total <= 0) return silent
  const bar = new SingleBar(
    {
      format: `${harmless(label)} [{bar}] {percentage} % {value}/{total} {eta_formatted}`,
      stream: stream as NodeJS.WritableStream,
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 50,
    },
    Presets.legacy,
  )
  bar.start(total, 0)
  return { step: (count = 1) => bar.increment(count), stop: () => bar.stop() }
}
