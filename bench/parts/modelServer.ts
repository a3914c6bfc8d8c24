import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeModel, encodeModel, trainJob } from '../../emulator/engine/index.ts'
import type { TrainingExperiment } from '../../emulator/experiment.ts'

/** Serves model files that all differ: what a PATCH loads each endpoint's own model from. */
export type ModelServer = {
  /** Where the model of that number is, as a PATCH names it. */
  location(at: number): object
  sizeBytes: number
  close(): void
}

/** Trains one model and serves it at any number as one trained on so many rows, which makes another file. */
export async function startModelServer(experiment: TrainingExperiment, csv: Buffer): Promise<ModelServer> {
  const model = decodeModel(trainJob(experiment, csv).model)
  const server = createServer((request, response) => {
    const rows = Number(/(\d+)\.ilearner/.exec(request.url ?? '')?.[1])
    response.end(encodeModel({ ...model, rows }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    sizeBytes: encodeModel(model).length,
    location: (at) => ({ BaseLocation: base, RelativeLocation: `models/${at}.ilearner`, SasBlobToken: '?' }),
    close: () => server.close(),
  }
}
