import { type ServedEndpoint, scoreRows } from '../setup/emulatorApi.ts'
import { readSample, sample, scoringRows } from '../setup/sample.ts'
import { measure, type Quality } from './metrics.ts'

const batchRows = 100

/** Scores a customer's held-out rows through their endpoint, in batches, and measures the answers. */
export async function measureEndpoint(
  root: string,
  customerId: string,
  endpoint: ServedEndpoint,
): Promise<Quality> {
  const heldOut = scoringRows(readSample(root, customerId, 'heldout'))
  const answers: Record<string, string>[] = []
  for (let from = 0; from < heldOut.length; from += batchRows) {
    const batch = heldOut.slice(from, from + batchRows).map(({ row }) => row)
    answers.push(...(await scoreRows(endpoint, batch)))
  }
  const scored = heldOut.map(({ isPositive }, i) => ({
    isPositive,
    scoredLabel: String(answers[i]?.['Scored Labels']),
    probability: Number(answers[i]?.['Scored Probabilities']),
  }))
  return measure(scored, sample.positive)
}
