import type { Row, RowChange, TableStore } from '../../shared/lib/tableStore.ts'
import type { CallKind } from './faults.ts'
import type { Call, Invocation } from './sim.ts'

/** Who calls, how, and who is told of every row that was written. */
export type TableAccess = {
  call: Call
  invocation: Invocation
  written(table: string, partitionKey: string, changes: readonly RowChange[]): void
}

/** A table in memory as one invocation sees it: each call takes time and may go wrong. */
export function simulatedTable(name: string, table: TableStore, access: TableAccess): TableStore {
  const { call, invocation, written } = access
  const ask = <Answer>(
    kind: CallKind,
    text: () => string,
    apply: () => Promise<Answer>,
    conflict?: Answer,
    mayBeSpurious = true,
  ): Promise<Answer> =>
    call(invocation, conflict === undefined ? { kind, text } : { kind, text, conflict, mayBeSpurious }, apply)
  const tell = async <Answer>(
    answer: Promise<Answer>,
    good: Answer,
    partitionKey: string,
    change: RowChange,
  ): Promise<Answer> => {
    const result = await answer
    if (result === good) written(name, partitionKey, [change])
    return result
  }
  const replaced = ({ rowKey, cells }: Row, etag: string): RowChange => ({
    kind: 'replace',
    rowKey,
    cells,
    etag,
  })
  return {
    create: () => table.create(),
    get: (pk, rk) =>
      ask(
        'read',
        () => `get ${name} ${pk} ${rk}`,
        () => table.get(pk, rk),
      ),
    list: (pk, range, page) =>
      ask(
        'read',
        () => `list ${name} ${pk} ${range.from ?? ''}`,
        () => table.list(pk, range, page),
      ),
    scan: (page) =>
      ask(
        'read',
        () => `scan ${name}`,
        () => table.scan(page),
      ),
    insert: (row) =>
      ask(
        'swap',
        () => `insert ${name} ${row.partitionKey} ${row.rowKey}`,
        () => tell(table.insert(row), 'inserted', row.partitionKey, { kind: 'insert', ...row }),
        'exists' as const,
        false,
      ),
    put: (row) =>
      ask(
        'write',
        () => `put ${name} ${row.partitionKey} ${row.rowKey}`,
        async () => {
          await table.put(row)
          written(name, row.partitionKey, [{ kind: 'insert', ...row }])
        },
      ),
    replace: (row, etag) =>
      ask(
        'swap',
        () => `replace ${name} ${row.partitionKey} ${row.rowKey}`,
        () => tell(table.replace(row, etag), 'replaced', row.partitionKey, replaced(row, etag)),
        'changed' as const,
      ),
    remove: (pk, rowKey, etag) =>
      ask(
        'swap',
        () => `remove ${name} ${pk} ${rowKey}`,
        () => tell(table.remove(pk, rowKey, etag), 'removed', pk, { kind: 'remove', rowKey, etag }),
        'changed' as const,
      ),
    transact: (pk, changes) =>
      ask(
        'swap',
        () => `commit ${name} ${pk} ${changes.map(textOf).join(', ')}`,
        async () => {
          const answer = await table.transact(pk, changes)
          if (answer === 'committed') written(name, pk, changes)
          return answer
        },
        'conflict' as const,
        changes.some((change) => change.kind !== 'insert'),
      ),
  }
}

function textOf(change: RowChange): string {
  const { kind, rowKey } = change
  if (kind === 'remove') return `-${rowKey}`
  const { state, attempt, inFlight, live, floor, claim, startRequestedForAt } = change.cells
  const shown = { state, attempt, inFlight, live, floor, claim, startRequestedForAt }
  const cells = Object.entries(shown).filter(([, cell]) => cell !== undefined)
  return `${kind === 'insert' ? '+' : '='}${rowKey} {${cells.map(([key, cell]) => `${key} ${cell}`).join(' ')}}`
}
