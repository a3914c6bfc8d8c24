/** Row numbers in ascending order. */
export type RowSplit = { kept: Int32Array; heldOut: Int32Array }

/**
 * Holds out `share` of each class's rows, drawn with `random`: at least one of each class is held out and one kept.
 * Undefined where `share` is 0 or a class has fewer than two rows.
 */
export function splitRows(target: Uint8Array, share: number, random: () => number): RowSplit | undefined {
  if (share === 0) return undefined
  const isHeldOut = new Uint8Array(target.length)
  for (const positive of [0, 1]) {
    const rows = Int32Array.from(target.keys()).filter((row) => target[row] === positive)
    if (rows.length < 2) return undefined
    const count = Math.min(Math.max(Math.round(rows.length * share), 1), rows.length - 1)
    for (const row of draw(rows, count, random)) isHeldOut[row] = 1
  }
  const all = Int32Array.from(target.keys())
  return {
    kept: all.filter((row) => isHeldOut[row] === 0),
    heldOut: all.filter((row) => isHeldOut[row] === 1),
  }
}

/** The first `count` of a shuffle (Fisher-Yates), in place. */
function draw(rows: Int32Array, count: number, random: () => number): Int32Array {
  for (let i = 0; i < count; i++) {
    const other = i + Math.floor(random() * (rows.length - i))
    const row = rows[i] as number
    rows[i] = rows[other] as number
    rows[other] = row
  }
  return rows.subarray(0, count)
}
