import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { fleetFile, fleetJsonSchema } from '../../../shared/fleet/fleetFile.ts'

const root = join(import.meta.dirname, '../../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

test('fleet.schema.json is what retrain apply --schema prints', () => {
  expect(JSON.parse(read('fleet.schema.json'))).toEqual(JSON.parse(JSON.stringify(fleetJsonSchema())))
})

test('the sample and the page’s example fit both the schema for editors and the app’s', () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(fleetJsonSchema())
  const examples = [...read('docs/fleet-file.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, text]) => text ?? '',
  )
  expect(examples.length).toBeGreaterThan(0)
  for (const text of [read('samples/fleet.yaml'), ...examples]) {
    expect(fleetFile.safeParse(parse(text)).error).toBeUndefined()
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true)
  }
})
