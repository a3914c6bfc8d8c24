/** A property of a row. Text holds at most 32,768 characters; instants are ISO text. */
export type Cell = string | number | boolean

/** What a row says, beside its keys. Keys never hold `/ \ # ?`. */
export type Cells = { readonly [name: string]: Cell | undefined }

/** A row as it is written. */
export type Row = { partitionKey: string; rowKey: string; cells: Cells }

/**
 * A row as it was read; `etag` is opaque and goes back with `replace` and `remove`. `modifiedAtMs`: when it was last written, by
 * the clock of the storage, where that is known.
 */
export type StoredRow = Row & { etag: string; modifiedAtMs?: number | undefined }

/** One step of a transaction; `replace` and `remove` hold only while the row still has this ETag, `replace` with `*` whatever it is. */
export type RowChange =
  | { kind: 'insert'; rowKey: string; cells: Cells }
  | { kind: 'replace'; rowKey: string; cells: Cells; etag: string }
  | { kind: 'remove'; rowKey: string; etag: string }

/** Which rows of a partition: all, or those with `from <= rowKey < before`. */
export type RowRange = { from?: string; before?: string }

/** One page of rows in key order; `next` is there when more may follow. */
export type RowPage = { rows: StoredRow[]; next?: string }

/**
 * One table of a storage account, as plain functions. Expected outcomes (the row is there already, it was
 * changed by somebody else) are return values; everything else is thrown: `RetryableError` for what may pass.
 * The in-memory twin for tests and simulation is `test/fakes/memoryTable.ts`.
 */
export type TableStore = {
  /** Creates the table where it is missing. */
  create(): Promise<void>
  get(partitionKey: string, rowKey: string): Promise<StoredRow | undefined>
  insert(row: Row): Promise<'inserted' | 'exists'>
  /** Writes the row whatever is there. For settings only: run rows change by `replace`. */
  put(row: Row): Promise<void>
  /** Swaps the whole row if its ETag is still `etag`. */
  replace(row: Row, etag: string): Promise<'replaced' | 'changed'>
  /** `changed` also when the row is gone. */
  remove(partitionKey: string, rowKey: string, etag: string): Promise<'removed' | 'changed'>
  /** All or nothing, one partition, at most 100 changes; `conflict` when an insert exists or an ETag is old. */
  transact(partitionKey: string, changes: readonly RowChange[]): Promise<'committed' | 'conflict'>
  /** One partition in key order, a page at a time. */
  list(partitionKey: string, range: RowRange, page: { size: number; next?: string }): Promise<RowPage>
  /** Every row of the table by partition and key, a page at a time; for small tables (`customers`). */
  scan(page: { size: number; next?: string }): Promise<RowPage>
}
