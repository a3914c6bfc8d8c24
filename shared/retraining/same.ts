/**
 * Whether two values say the same: of objects, lists and plain values, in any order of names; absent is undefined. What a run
 * keeps of `answers` doesn't count: storage adds to them. Pure.
 */
export function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return Object.is(one, other)
  }
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [left, right] = [one, other] as Record<string, unknown>[]
  if (left === undefined || right === undefined) return false
  const names = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...names].every((name) => name === 'answers' || isSame(left[name], right[name]))
}
