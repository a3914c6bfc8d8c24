import { expect, test } from 'vitest'
import { addEntry, firstLine } from '../../../shared/retraining/timeline.ts'

test('the timeline folds repeats, keeps 50 entries and cuts long texts', () => {
  const folded = addEntry(addEntry([], 1, 'a'), 2, 'a')
  expect(folded).toEqual([{ atMs: 1, text: 'a', count: 2, lastAtMs: 2 }])
  let long = folded
  for (let at = 0; at < 60; at++) long = addEntry(long, at, `entry ${at}`)
  expect(long).toHaveLength(50)
  expect(addEntry([], 1, 'x'.repeat(1_000))[0]?.text).toHaveLength(400)
})

const lines: [text: string, line: string][] = [
  ['job failed: no label', 'job failed: no label'],
  ['job failed: no label\nModule: Train Model;\nmore', 'job failed: no label'],
  ['\n late', 'late'],
  ['', ''],
]
test.each(lines)('firstLine of %j', (text, line) => {
  expect(firstLine(text)).toBe(line)
})
