/**
 * Does `work` for every item, at most `limit` at a time; answers in the order of the items. After a failure no further
 * item is begun, those under way are waited for, and the first failure is thrown.
 */
export async function concurrently<Item, Answer>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<Answer>,
): Promise<Answer[]> {
  const answers = new Array<Answer>(items.length)
  const failures: unknown[] = []
  const remaining = items.entries()
  const lane = async () => {
    for (const [index, item] of remaining) {
      try {
        answers[index] = await work(item, index)
      } catch (error) {
        failures.push(error)
      }
      if (failures.length > 0) return
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, lane))
  if (failures.length > 0) throw failures[0]
  return answers
}
