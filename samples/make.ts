import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCsv, writeCsv } from '../local/csv.ts'
import { endWith, readArguments, wrongArguments } from '../scripts/commandLine.ts'
import { type PreparedFile, prepareSamples } from './prepare.ts'

/** sha256 of data/birdstrikes.csv in vega-datasets 3.2.1: other bytes would make other samples. */
const sourceSha256 = '45777edf69984b37599e73dbfb34dbc976055243547407214261a4fcb9466462'

const usage = `Makes the sample CSVs from the FAA's bird strikes (birdstrikes.csv of the npm package vega-datasets 3.2.1):

  npm pack vega-datasets@3.2.1 && tar xzf vega-datasets-3.2.1.tgz package/data/birdstrikes.csv
  npm run samples -- --source package/data/birdstrikes.csv [--out samples]
`

const options = {
  source: { type: 'string' },
  out: { type: 'string', default: import.meta.dirname },
  help: { type: 'boolean', default: false },
} as const

/** Reads the source, prepares the samples and writes them; prints a line for each. */
function main(): number {
  const { values } = readArguments('samples', { options })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  if (values.source === undefined) throw wrongArguments('samples', '--source FILE is missing')
  const bytes = readSource(values.source)
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sourceSha256) {
    throw new Error(`Cannot use ${values.source}: its sha256 is ${found}, not that of vega-datasets 3.2.1`)
  }
  mkdirSync(values.out, { recursive: true })
  for (const file of prepareSamples(readCsv(bytes.toString('utf8')))) write(file, values.out)
  return 0
}

function readSource(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : 'it is no file'
    throw new Error(`Cannot read ${path}: ${reason}`, { cause })
  }
}

function write(file: PreparedFile, folder: string): void {
  writeFileSync(join(folder, file.name), writeCsv(file.csv))
  const label = file.csv.columns.indexOf('damage')
  const positives = file.csv.rows.filter((row) => row[label] === 'yes').length
  console.log(`${file.name}: ${file.csv.rows.length} rows, ${positives} with damage`)
}

await endWith(main)
