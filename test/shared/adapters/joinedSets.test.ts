import { expect, test } from 'vitest'
import { formatRecord, parseRecord, readRecords } from '../../../shared/adapters/csvRecords.ts'
import { createWorld, dropped, limits, type World } from '../../fakes/world.ts'

test.each([
  ['a,b,c', ['a', 'b', 'c']],
  ['"a,b",c', ['a,b', 'c']],
  ['"say ""hi""",', ['say "hi"', '']],
  [',', ['', '']],
  ['"two\nlines",x', ['two\nlines', 'x']],
])('a record and its fields: %j', (record, fields) => {
  expect(parseRecord(record)).toEqual(fields)
  expect(parseRecord(formatRecord(fields))).toEqual(fields)
})

test.each([1, 2, 3, 7, 1_000])('records of a stream in chunks of %i bytes', async (size) => {
  const bytes = new TextEncoder().encode('\uFEFFname,note\r\nå,"two\r\nlines"\r\n\r\nb,x')
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  const records: string[] = []
  for await (const record of readRecords(chunks())) records.push(record)
  expect(records).toEqual(['name,note', 'å,"two\r\nlines"', 'b,x'])
})

async function inputOf(world: World, generation: number): Promise<string> {
  return world.containers.trainingSets.text((await world.run(generation))?.input?.name ?? '')
}

test('append joins the drops in order under one header, and goes on from the set before', async () => {
  const world = await createWorld({ trainingData: 'append' })
  await world.containers.trainingData.putText('contoso/census/1.csv', 'age,sex\r\n39,m\r\n')
  world.clock.advance(1)
  await world.containers.trainingData.putText('contoso/census/2.csv', '\uFEFFsex,age\nf,40')
  await world.drop('contoso/census/2.csv')
  await world.drop('contoso/census/1.csv')
  await world.play(300)
  expect(await inputOf(world, 1)).toBe('age,sex\n39,m\n40,f\n')
  await dropped(world, 'contoso/census/3.csv', 'age,sex\n41,m\n')
  await world.play(300)
  expect(await inputOf(world, 2)).toBe('age,sex\n39,m\n40,f\n41,m\n')
  const run = await world.run(2)
  const manifest = await world.ports.readManifest(world.key, run?.manifest ?? '')
  expect(manifest.earlier.map((part) => part.generation)).toEqual([1, 1])
  expect(manifest.drops).toMatchObject([{ name: 'contoso/census/3.csv', use: 'trained' }])
})

test('append refuses a file with other columns by name, and the rest goes on', async () => {
  const world = await createWorld({ trainingData: 'append', appendDrops: 2 })
  await dropped(world, 'contoso/census/1.csv', 'age,sex\n39,m\n')
  await dropped(world, 'contoso/census/2.csv', 'age,height\n40,180\n')
  await dropped(world, 'contoso/census/3.csv', 'age,sex\n41,m\n')
  await dropped(world, 'contoso/census/4.csv', 'age,sex\n42,f\n')
  await world.play(300)
  expect(await inputOf(world, 1)).toBe('age,sex\n41,m\n42,f\n')
  const { drops } = await world.ports.readDrops(world.key, { size: 10 })
  expect(drops.map(({ name, use, reason }) => [name.split('/')[2], use, reason]).sort()).toEqual([
    ['1.csv', 'spare', 'too many drops'],
    ['2.csv', 'refused', 'its columns differ: missing sex; unknown height'],
    ['3.csv', 'trained', undefined],
    ['4.csv', 'trained', undefined],
  ])
})

test('a header whose quote never ends is refused with a short reason, and the model goes on', async () => {
  const world = await createWorld({ trainingData: 'append' })
  await dropped(world, 'contoso/census/1.csv', 'age,sex\n39,m\n')
  const names = Array.from({ length: 20_000 }, (_, index) => `column ${index}`)
  await dropped(world, 'contoso/census/2.csv', `age,"sex\n${'40,f\n'.repeat(10_000)}`)
  await dropped(world, 'contoso/census/3.csv', `${names.join(',')}\n`)
  await world.play(300)
  expect(await inputOf(world, 1)).toBe('age,sex\n39,m\n')
  const { drops } = await world.ports.readDrops(world.key, { size: 10 })
  const refused = drops.filter(({ use }) => use === 'refused').map(({ reason }) => reason ?? '')
  expect(refused).toHaveLength(2)
  for (const reason of refused) {
    expect(reason).toMatch(/^its columns differ: missing/)
    expect(reason.length).toBeLessThan(2_000)
  }
})

/** A world that takes files of several megabytes. */
async function createLargeWorld(): Promise<World> {
  const { maxTrainingSetBytes } = limits
  limits.maxTrainingSetBytes = 8_000_000
  const world = await createWorld({ trainingData: 'append' })
  limits.maxTrainingSetBytes = maxTrainingSetBytes
  return world
}

test.each([
  ['the header', 'age,"sex\n'],
  ['a row', 'age,sex\n39,"m\n'],
])('a quote in %s that is open for megabytes refuses that file only, in one pass', async (_where, begin) => {
  const world = await createLargeWorld()
  await dropped(world, 'contoso/census/1.csv', 'age,sex\n39,m\n')
  await dropped(world, 'contoso/census/2.csv', begin + '40,f\n'.repeat(400_000))
  await dropped(world, 'contoso/census/3.csv', 'age,sex\n41,m\n')
  await world.play(300)
  expect(await inputOf(world, 1)).toBe('age,sex\n39,m\n41,m\n')
  const { drops } = await world.ports.readDrops(world.key, { size: 10 })
  expect(drops.find(({ use }) => use === 'refused')).toMatchObject({
    name: 'contoso/census/2.csv',
    reason: 'a record has more than 1048576 characters',
  })
})

test('a set that would get larger than a set may be leaves the oldest drops out', async () => {
  const world = await createWorld({ trainingData: 'append' })
  for (const name of ['1', '2', '3']) {
    world.clock.advance(1)
    await dropped(world, `contoso/census/${name}.csv`, `age\n${`${name.repeat(60)}\n`.repeat(7_000)}`)
  }
  await world.play(300)
  expect((await world.run(1))?.input?.sizeBytes).toBe(4 + 2 * 7_000 * 61)
})
