import type { Csv } from '../local/csv.ts'

/** A sample as it is written: file name and content. */
export type PreparedFile = { name: string; csv: Csv }

/** The sample customers and what the source calls their airline. */
const airlines = [
  { customer: 'american', operator: 'AMERICAN AIRLINES' },
  { customer: 'us-airways', operator: 'US AIRWAYS*' },
  { customer: 'southwest', operator: 'SOUTHWEST AIRLINES' },
]

/**
 * What each column of a sample is taken from. Left out: the costs (they are the outcome), airport, state and aircraft
 * (measured: they made the held-out AUC worse), the operator (it is the customer).
 */
const columns = [
  { name: 'flight_date', source: 'Flight Date' },
  { name: 'phase_of_flight', source: 'Phase of flight' },
  { name: 'time_of_day', source: 'Time of day' },
  { name: 'wildlife_size', source: 'Wildlife Size' },
  { name: 'wildlife_species', source: 'Wildlife Species' },
  { name: 'speed_knots', source: 'Speed IAS in knots' },
]

/** Shares of a customer's records by date: the first model, then the drop; the rest is held out. */
const firstShare = 0.05
const dropShare = 0.75

/** How many records the service's own model is trained on. */
const defaultRows = 500

/**
 * The sample files from the whole source: three a customer, and `first.csv` with the earliest 500 records of the other
 * civil airlines. Pure: the same source gives the same bytes. Throws when a column is missing or a date is no ISO date.
 */
export function prepareSamples(source: Csv): PreparedFile[] {
  const index = (name: string) => {
    const found = source.columns.indexOf(name)
    if (found < 0) throw new Error(`Cannot prepare the samples: the source has no column ${name}`)
    return found
  }
  const operator = index('Aircraft Airline Operator')
  const prepare = prepareRow(index)
  const recordsOf = (isWanted: (name: string) => boolean) =>
    source.rows
      .filter((row) => isWanted(row[operator] ?? ''))
      .map(prepare)
      .sort(byDate)
  const sampled = airlines.map((airline) => airline.operator)
  const others = recordsOf((name) => name !== 'MILITARY' && !sampled.includes(name))
  return [
    ...airlines.flatMap(({ customer, operator }) =>
      splitByDate(
        customer,
        recordsOf((name) => name === operator),
      ),
    ),
    file('first.csv', others.slice(0, defaultRows)),
  ]
}

function splitByDate(customer: string, rows: string[][]): PreparedFile[] {
  const dropFrom = Math.floor(rows.length * firstShare)
  const heldOutFrom = Math.floor(rows.length * dropShare)
  return [
    file(`${customer}-first.csv`, rows.slice(0, dropFrom)),
    file(`${customer}-next.csv`, rows.slice(dropFrom, heldOutFrom)),
    file(`${customer}-heldout.csv`, rows.slice(heldOutFrom)),
  ]
}

function file(name: string, rows: string[][]): PreparedFile {
  return { name, csv: { columns: [...columns.map((column) => column.name), 'damage'], rows } }
}

/** The label: the FAA's damage classes Minor, Medium and Substantial are `yes`, None is `no`. */
function damage(effect: string): 'yes' | 'no' {
  if (effect === 'None') return 'no'
  if (['Minor', 'Medium', 'Substantial'].includes(effect)) return 'yes'
  throw new Error(`Cannot prepare the samples: unknown damage class ${effect}`)
}

function prepareRow(index: (name: string) => number): (row: string[]) => string[] {
  const effect = index('Effect Amount of damage')
  const sources = columns.map((column) => index(column.source))
  return (row) => {
    const cells = sources.map((source) => (row[source] ?? '').replace(/\s+/g, ' ').trim())
    if (!/^\d{4}-\d{2}-\d{2}$/.test(cells[0] ?? '')) {
      throw new Error(`Cannot prepare the samples: ${cells[0]} is no ISO date`)
    }
    return [...cells, damage(row[effect] ?? '')]
  }
}

/** Stable: records of one day stay in the source's order. */
function byDate(a: string[], b: string[]): number {
  return (a[0] ?? '').localeCompare(b[0] ?? '')
}
