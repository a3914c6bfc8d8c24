import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readCsv } from '../../local/csv.ts'
import { prepareSamples } from '../../samples/prepare.ts'

const header = [
  'Flight Date',
  'Phase of flight',
  'Time of day',
  'Wildlife Size',
  'Wildlife Species',
  'Speed IAS in knots',
  'Effect Amount of damage',
  'Aircraft Airline Operator',
  'Cost Total $',
]
const record = (date: string, effect = 'None', operator = 'SOUTHWEST AIRLINES') => [
  date,
  'Climb',
  'Day',
  'Small',
  'Gull,  herring ',
  '140',
  effect,
  operator,
  '99',
]
const named = (rows: string[][], name: string) =>
  prepareSamples({ columns: header, rows }).find((file) => file.name === name)?.csv

test('a customer is split by date: 5 % first, up to 75 % the drop, the rest held out', () => {
  const days = Array.from({ length: 20 }, (_, i) => record(`2000-01-${String(20 - i).padStart(2, '0')}`))
  const dates = (part: string) => named(days, `southwest-${part}.csv`)?.rows.map((row) => row[0])
  expect(dates('first')).toEqual(['2000-01-01'])
  expect(dates('next')).toHaveLength(14)
  expect(dates('next')?.at(-1)).toBe('2000-01-15')
  expect(dates('heldout')?.at(0)).toBe('2000-01-16')
})

test('the label is yes for every damage class, the costs are gone and blanks are tidied', () => {
  const csv = named([record('2000-01-01', 'Substantial')], 'southwest-heldout.csv')
  expect(csv?.columns).not.toContain('Cost Total $')
  expect(csv?.rows).toEqual([['2000-01-01', 'Climb', 'Day', 'Small', 'Gull, herring', '140', 'yes']])
})

test("the service's own model has none of the sample customers' records and no military ones", () => {
  const rows = [
    record('1990-01-01', 'Minor', 'MILITARY'),
    record('1990-01-02', 'Minor', 'SOUTHWEST AIRLINES'),
    record('1990-01-03', 'Minor', 'DELTA AIR LINES'),
  ]
  expect(named(rows, 'first.csv')?.rows.map((row) => row[0])).toEqual(['1990-01-03'])
})

test('an unknown damage class or a missing column is refused by name', () => {
  expect(() => named([record('2000-01-01', 'C')], 'first.csv')).toThrow('unknown damage class C')
  expect(() => prepareSamples({ columns: ['Flight Date'], rows: [] })).toThrow('no column')
})

test('the samples in the repository are whole: ten files, in date order, both labels in each', () => {
  const folder = join(import.meta.dirname, '../../samples')
  const files = readdirSync(folder).filter((name) => name.endsWith('.csv'))
  expect(files).toHaveLength(10)
  for (const file of files) {
    const { columns, rows } = readCsv(readFileSync(join(folder, file), 'utf8'))
    expect(columns.at(-1)).toBe('damage')
    expect(new Set(rows.map((row) => row.at(-1)))).toEqual(new Set(['yes', 'no']))
    expect(rows.map((row) => row[0])).toEqual(rows.map((row) => row[0]).sort())
  }
})
