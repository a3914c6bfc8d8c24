import { afterAll, beforeAll, expect, test } from 'vitest'
import { modelLocation } from '../../local/setup/emulatorApi.ts'
import type { Run } from '../../shared/retraining/run.ts'
import { type Flow, model, sampleText, startFlow } from './play.ts'

const [header = '', ...rows] = (await sampleText('southwest-first.csv')).trimEnd().split('\n')
const csv = (lines: readonly string[]) => `${lines.join('\n')}\n`
const without = (column: string) => {
  const place = header.split(',').indexOf(column)
  return csv([header, ...rows].map((line) => line.split(',').toSpliced(place, 1).join(',')))
}
const negatives = rows.filter((row) => row.endsWith(',no'))
const cutRow = rows[1]?.split(',').slice(0, 3).join(',') ?? ''
const place = header.split(',').indexOf('damage')
const thirdLabel = rows[0]?.split(',').with(place, 'perhaps').join(',') ?? ''

/** What is dropped, and what the run has to say of it. Each customer's go one after the other. */
const cases: [what: string, customerId: string, content: string | Uint8Array, says: RegExp][] = [
  ['a zip archive', 'american', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0), /it is not CSV but/],
  ['bytes that are no text', 'american', Uint8Array.of(97, 44, 98, 10, 0xff, 0xfe, 10), /UTF-8 text: line 2/],
  ['a page instead of a CSV', 'american', '<html>\n<p>Not found</p>\n', /header \(line 1\) lacks .*"damage"/],
  ['no label column', 'southwest', without('damage'), /header \(line 1\) lacks .*label.*"damage"/],
  ['a column missing', 'southwest', without('speed_knots'), /header \(line 1\) lacks .*"speed_knots"/],
  ['one class', 'southwest', csv([header, ...negatives]), /"damage" has one value only, "no" \(from line 2/],
  ['a third label', 'southwest', csv([header, ...rows, thirdLabel]), /"damage".*"perhaps".*line \d+/],
  ['a header and no rows', 'us-airways', csv([header]), /a header and no rows/],
  ['blank lines only', 'us-airways', '\n\n\n', /header \(line 1\) lacks .*"damage"/],
  [
    'cut off in a row',
    'us-airways',
    csv([header, ...rows.slice(0, 1), cutRow]),
    /line 3 has 3 values, the header has/,
  ],
  ['cut off in a quoted value', 'us-airways', `${header}\n${rows[0]}\n"1999`, /line 3: .*cut off/],
]

let flow: Flow
const outcomes = new Map<string, Run>()
const liveAfter = new Map<string, number | undefined>()

/** A live model for each customer, then their bad drops; customers side by side. */
beforeAll(async () => {
  flow = await startFlow()
  await Promise.all(['american', 'us-airways', 'southwest'].map((customerId) => playCustomer(customerId)))
}, 500_000)
afterAll(() => flow?.stop())

async function playCustomer(customerId: string): Promise<void> {
  await flow.drop(customerId, 'first.csv', await sampleText(`${customerId}-first.csv`))
  await flow.ended(customerId, 1)
  const own = cases.filter(([, whose]) => whose === customerId)
  for (const [index, [what, , content]] of own.entries()) {
    await flow.drop(customerId, `${index}.csv`, content)
    outcomes.set(what, await flow.ended(customerId, index + 2))
    liveAfter.set(what, await flow.liveGeneration(customerId))
  }
}

test.each(cases)(
  '%s: the run of %s fails once, says where, and the live model stays',
  (what, _customer, _content, says) => {
    const run = outcomes.get(what)
    expect(run).toMatchObject({ model, state: 'failed', attempt: 1 })
    expect(run?.reason).toMatch(says)
    expect(run?.timeline.at(-1)?.text).toMatch(says)
    expect(run?.reason).not.toMatch(/sig=(?!\[cut\])/)
    expect(liveAfter.get(what)).toBe(1)
  },
)

test.each(['american', 'us-airways', 'southwest'])(
  'the endpoint of %s still has its first model',
  async (customerId) => {
    const endpoint = flow.customers.find((customer) => customer.customerId === customerId)?.endpoint
    if (endpoint === undefined) throw new Error('no endpoint')
    expect(await modelLocation(endpoint)).toContain('/0000000001/')
  },
)
