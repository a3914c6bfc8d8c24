import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { evaluate, readTable, scoreTable, type TrainingTable } from '../emulator/engine/index.ts'
import { resolveLearner } from '../emulator/engine/learner.ts'
import { trainLogistic } from '../emulator/engine/logistic/train.ts'
import type { Model } from '../emulator/engine/model.ts'
import { selectRows } from '../emulator/engine/table.ts'
import { trainTrees } from '../emulator/engine/trees/train.ts'
import type { ColumnSpec } from '../emulator/experiment.ts'
import { numberOf, readArguments } from '../scripts/commandLine.ts'
import { findPython, type Referee, startReferee } from './sklearn/referee.ts'

const trainRows = 32_561
const label = { column: 'income', positive: '>50K' }
const numbers = ['age', 'fnlwgt', 'education-num', 'capital-gain', 'capital-loss', 'hours-per-week']

type Trained = Pick<Model, 'inputs' | 'fit'>
type Result = { auc: number; seconds: number; sklearnSeconds: number; ratio: number; sklearnAuc: number }

const usage = `npm run bench -- training [--data FILE] [--rounds N] [--json]
  --data FILE  the UCI Adult data: a header, the rows to train on first
  --rounds N   in turn with scikit-learn; medians count (7)
  --json       a last line of JSON`

const options = {
  data: { type: 'string' },
  rounds: { type: 'string', default: '7' },
  json: { type: 'boolean' },
  help: { type: 'boolean', default: false },
} as const

/**
 * Trains on the Adult data side by side with scikit-learn on one thread, in turn, and prints medians.
 * Arguments: `--data FILE`, `--rounds N` (5 or more), `--json` (the last line is JSON).
 */
export async function run(args: string[]): Promise<number> {
  const { values } = readArguments('bench training', { args, options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const rounds = Math.max(numberOf('rounds', values.rounds), 5)
  const data = resolve(values.data ?? join(import.meta.dirname, '../../shared/data/adult.csv'))
  const python = findPython()
  if (!existsSync(data)) {
    console.error(
      `Cannot measure: ${data} is not there; name the UCI Adult data (header, train rows first) by --data FILE`,
    )
    return 2
  }
  if (python === undefined) {
    console.error(
      'Cannot measure: scikit-learn is not there; install it (Debian: apt-get install python3-sklearn)',
    )
    return 2
  }
  const { train, test } = readAdult(data)
  const referee = await startReferee(python, [
    data,
    String(trainRows),
    label.column,
    label.positive,
    numbers.join(','),
  ])
  console.log(
    `scikit-learn ${referee.version}, Node ${process.versions.node}, ${train.rows} rows, one thread each`,
  )
  console.log('In the clock, boosted trees: binning and fit, from numbers and level codes on both sides')
  console.log(
    'In the clock, logistic regression: encoding, scaling and fit, from numbers and level codes on both sides',
  )
  const results = {
    boostedTrees: await measure(
      rounds,
      () => trainTrees(train, treeParameters()),
      referee,
      ['boostedTreesOrdinal', 'boostedTreesCategorical'],
      test,
    ),
    logisticRegression: await measure(
      rounds,
      () => trainLogistic(train, logisticParameters()),
      referee,
      ['logisticRegression'],
      test,
    ),
  }
  referee.close()
  for (const [name, result] of Object.entries(results)) print(name, result)
  if (values.json === true) console.log(JSON.stringify(results))
  return 0
}

function readAdult(path: string): { train: TrainingTable; test: TrainingTable } {
  const csv = readFileSync(path)
  const names = csv.toString('utf8', 0, csv.indexOf(10)).trim().split(',')
  const columns: ColumnSpec[] = names
    .filter((name) => name !== label.column)
    .map((name) => ({ name, type: numbers.includes(name) ? 'numeric' : 'categorical' }))
  const table = readTable(csv, { columns, label })
  const from = (start: number, end: number) =>
    selectRows(
      table,
      Int32Array.from({ length: end - start }, (_, i) => start + i),
    )
  return { train: from(0, trainRows), test: from(trainRows, table.rows) }
}

function treeParameters() {
  const learner = resolveLearner({ kind: 'twoClassBoostedDecisionTree' })
  if (learner.kind !== 'twoClassBoostedDecisionTree') throw new Error('Cannot happen: another learner')
  return learner.parameters
}

function logisticParameters() {
  const learner = resolveLearner({ kind: 'twoClassLogisticRegression', l1Weight: 0, l2Weight: 1 })
  if (learner.kind !== 'twoClassLogisticRegression') throw new Error('Cannot happen: another learner')
  return learner.parameters
}

/** Runs us and each of the referee's variants in turn; the referee's time is that of its fastest variant. */
async function measure(
  rounds: number,
  train: () => Trained,
  referee: Referee,
  variants: string[],
  test: TrainingTable,
): Promise<Result> {
  const ours: number[] = []
  const theirs = variants.map((): { seconds: number; auc: number }[] => [])
  let trained = train()
  for (const variant of variants) await referee.fit(variant)
  for (let round = 0; round < rounds; round++) {
    const started = performance.now()
    trained = train()
    ours.push((performance.now() - started) / 1000)
    for (const [i, variant] of variants.entries()) theirs[i]?.push(await referee.fit(variant))
  }
  const medians = theirs.map((fits) => median(fits.map((fit) => fit.seconds)))
  const sklearnSeconds = Math.min(...medians)
  const seconds = median(ours)
  return {
    auc: evaluate(scoreTable(trained, test), test.target).auc,
    seconds,
    sklearnSeconds,
    ratio: seconds / sklearnSeconds,
    sklearnAuc: theirs[medians.indexOf(sklearnSeconds)]?.[0]?.auc ?? Number.NaN,
  }
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}

function print(name: string, { auc, seconds, sklearnSeconds, ratio, sklearnAuc }: Result): void {
  const ours = `${seconds.toFixed(3)} s, AUC ${auc.toFixed(4)}`
  console.log(
    `${name}: ${ours}; scikit-learn ${sklearnSeconds.toFixed(3)} s, AUC ${sklearnAuc.toFixed(4)}; ratio ${ratio.toFixed(2)}`,
  )
}
