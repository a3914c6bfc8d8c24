import { expect, test } from 'vitest'
import { concurrently } from '../../../shared/retraining/concurrently.ts'

/** Work that ends when it is told to. */
function gate() {
  const opened = new Map<number, () => void>()
  const begun: number[] = []
  return {
    begun,
    open: (item: number) => opened.get(item)?.(),
    work: (item: number) => {
      begun.push(item)
      return new Promise<number>((resolve) => opened.set(item, () => resolve(item * 10)))
    },
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('no more than the limit are under way, and answers keep the order of the items', async () => {
  const { begun, open, work } = gate()
  const answers = concurrently([1, 2, 3], 2, work)
  await turn()
  expect(begun).toEqual([1, 2])
  open(2)
  await turn()
  expect(begun).toEqual([1, 2, 3])
  open(3)
  open(1)
  expect(await answers).toEqual([10, 20, 30])
})

test('without items there is nothing to do', async () => {
  expect(await concurrently([], 4, () => Promise.reject(new Error('never called')))).toEqual([])
})

test('after a failure nothing new begins, what is under way ends, and the failure is thrown', async () => {
  const { begun, open, work } = gate()
  let isOver = false
  const answers = concurrently([1, 2, 3, 4], 2, (item) =>
    item === 1 ? Promise.reject(new Error('one')) : work(item),
  )
  const over = answers.catch((error: Error) => {
    isOver = true
    return error.message
  })
  await turn()
  expect([begun, isOver]).toEqual([[2], false])
  open(2)
  expect(await over).toBe('one')
  expect(begun).toEqual([2])
})

test('an item gets its index', async () => {
  expect(await concurrently(['a', 'b'], 8, (item, index) => Promise.resolve(`${index}${item}`))).toEqual([
    '0a',
    '1b',
  ])
})
