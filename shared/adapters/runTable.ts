import type { RowChange, StoredRow, TableStore } from '../lib/tableStore.ts'
import { RetryableError } from '../retraining/errors.ts'
import type { Head } from '../retraining/head.ts'
import type { ModelKey } from '../retraining/names.ts'
import type { Run } from '../retraining/run.ts'
import type { Change, RunStore, Stored } from '../retraining/stores.ts'
import { generationOf, headRow, modelPartition, runRange, runRow } from './keys.ts'
import { decodeOrSay, type RowCodec } from './rowCodec.ts'
import { headCodec, runCodec } from './rows.ts'

/** Heads and runs with what views read: a model's newest runs, of those below a generation where one is given. */
export type RunTable = RunStore & {
  readRuns(key: ModelKey, count: number, below?: number): Promise<Run[]>
  /** As `readRuns`, with the reason in the place of a run whose row can't be read. */
  listRuns(key: ModelKey, count: number, below?: number): Promise<(Run | DamagedRun)[]>
}

/** A run whose row can't be read, and why. */
type DamagedRun = ModelKey & { generation: number; problem: string }

/** Cells of one text hold at most this many characters of timeline: below the table's 32,768. */
const longestTimeline = 30_000

/** Heads and runs over the `models` table. */
export function createRunTable(models: TableStore): RunTable {
  async function rowsBelow(key: ModelKey, count: number, below: number | undefined): Promise<StoredRow[]> {
    const range = below === undefined ? runRange : { ...runRange, from: runRow(below - 1) }
    return (await models.list(modelPartition(key), range, { size: count })).rows.slice(0, count)
  }
  return {
    async readHead(key) {
      return stored(headCodec, await models.get(modelPartition(key), headRow))
    },
    async readRun(key) {
      return stored(runCodec, await models.get(modelPartition(key), runRow(key.generation)))
    },
    async readRuns(key, count, below) {
      return (await rowsBelow(key, count, below)).map((row) => runCodec.decode(row.cells))
    },
    async listRuns({ customerId, model }, count, below) {
      const rows = await rowsBelow({ customerId, model }, count, below)
      return rows.map((row) => {
        const run = decodeOrSay(runCodec, row)
        return 'problem' in run ? { customerId, model, generation: generationOf(row.rowKey), ...run } : run
      })
    },
    async commit(key, changes) {
      const rows: RowChange[] = (changes.runs ?? []).map((run) => {
        assertOwn(key, run.value)
        return changeOf(runRow(run.value.generation), runCodec, {
          ...run,
          value: withShortTimeline(run.value),
        })
      })
      if (changes.head !== undefined) rows.push(changeOf<Head>(headRow, headCodec, changes.head))
      return models.transact(modelPartition(key), rows)
    },
  }
}

function stored<Value>(codec: RowCodec<Value>, row: StoredRow | undefined): Stored<Value> | undefined {
  if (row === undefined) return undefined
  const { cells, etag, modifiedAtMs } = row
  return { value: codec.decode(cells), etag, ...(modifiedAtMs !== undefined && { modifiedAtMs }) }
}

/** The step that writes a row: an insert without an ETag, else a swap. */
export function changeOf<Value>(rowKey: string, codec: RowCodec<Value>, change: Change<Value>): RowChange {
  const cells = codec.encode(change.value)
  if (change.etag === undefined) return { kind: 'insert', rowKey, cells }
  return { kind: 'replace', rowKey, cells, etag: change.etag }
}

/** A run is written into its own model's partition and no other. */
function assertOwn(key: ModelKey, run: Run): void {
  if (run.customerId === key.customerId && run.model === key.model) return
  throw new RetryableError(`Cannot write run ${run.generation}: it belongs to another customer or model`)
}

function withShortTimeline(run: Run): Run {
  let timeline = run.timeline
  while (timeline.length > 1 && JSON.stringify(timeline).length > longestTimeline)
    timeline = timeline.slice(1)
  return timeline === run.timeline ? run : { ...run, timeline }
}
