import { expect, test } from 'vitest'
import { type CustomerLine, changedLines, progressBar, renderLine } from '../../../local/view/lines.ts'
import { createScreen } from '../../../local/view/screen.ts'

test.each([
  [0, '[------------------------]   0 %'],
  [0.5, '[############------------]  50 %'],
  [0.999, '[#######################-]  99 %'],
  [1, '[########################] 100 %'],
  [7, '[########################] 100 %'],
])('progressBar: %d', (share, bar) => {
  expect(progressBar(share)).toBe(bar)
})

const training: CustomerLine = {
  customer: 'american',
  generation: 2,
  state: 'training',
  elapsedSeconds: 3.21,
  share: 0.25,
}

test('a line has name, generation, state, elapsed time and the bar, and fits the terminal', () => {
  expect(renderLine(training, 100)).toBe(
    '  american     gen 2   training            3.2 s  [######------------------]  25 %',
  )
  expect(renderLine(training, 30)).toHaveLength(30)
})

const changes: [when: string, now: Partial<CustomerLine>, isShown: boolean][] = [
  ['only time passed', { elapsedSeconds: 9 }, false],
  ['a little progress', { share: 0.3 }, false],
  ['another quarter', { share: 0.51 }, true],
  ['another state', { state: 'trained' }, true],
  ['another generation', { generation: 3 }, true],
]
test.each(changes)('without a terminal a line is printed when: %s', (_when, now, isShown) => {
  expect(changedLines([training], [{ ...training, ...now }])).toHaveLength(isShown ? 1 : 0)
})

function recorded(isTTY: boolean) {
  const written: string[] = []
  return { written, screen: createScreen({ isTTY, columns: 80, write: (text) => written.push(text) }) }
}

test('a terminal is redrawn in place, and a line that stays goes above the customers', () => {
  const { written, screen } = recorded(true)
  screen.show([training])
  screen.show([training])
  screen.print('hello')
  const line = renderLine(training, 79)
  expect(written[0]).toBe(`\r\u001b[J${line}\n`)
  expect(written[1]).toBe(`\u001b[1A\r\u001b[J${line}\n`)
  expect(written[2]).toBe(`\u001b[1A\r\u001b[Jhello\n${line}\n`)
})

test('a closed screen writes nothing', () => {
  const { written, screen } = recorded(true)
  screen.close()
  screen.print('hello')
  expect(written).toEqual([])
})

test('without a terminal nothing is written in colour or twice', () => {
  const { written, screen } = recorded(false)
  screen.show([training])
  screen.show([{ ...training, elapsedSeconds: 4 }])
  expect(written).toEqual([`${renderLine(training, 200)}\n`])
})
