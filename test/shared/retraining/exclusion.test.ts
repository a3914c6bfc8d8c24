import { describe, expect, test } from 'vitest'
import { isNamed } from '../../../shared/retraining/blameDrop.ts'
import { excludeDrop, includeDrop } from '../../../shared/retraining/excludeDrop.ts'
import { createWorld, dropped, type World } from '../../fakes/world.ts'

const name = (file: string) => `contoso/census/${file}.csv`

async function idOf(world: World, file: string): Promise<string> {
  const { drops } = await world.ports.readDrops(world.key, { size: 20 })
  return drops.find((drop) => drop.name === name(file))?.id ?? ''
}

async function dropOf(world: World, file: string) {
  return (await world.ports.readDrop(world.key, await idOf(world, file)))?.value
}

async function inputOf(world: World, generation: number): Promise<string> {
  const run = await world.run(generation)
  return world.containers.trainingSets.text(run?.input?.name ?? '')
}

const part = { id: 'abc-1', copy: 'contoso/census/drops/abc-1.csv', name: 'contoso/census/in/march.csv' }
test.each([
  ['its whole name', 'job failed: contoso/census/in/march.csv has no label', true],
  ['its file', 'cannot parse "march.csv": line 3', true],
  ['its copy', 'https://a/training-sets/contoso/census/drops/abc-1.csv is empty', true],
  ['another file that ends the same', 'bad-march.csv is empty', false],
  ['another file that begins the same', 'march.csv-2 is empty', false],
  ['nothing', 'column age is empty', false],
])('isNamed: %s', (_when, details, then) => {
  expect(isNamed(part, details)).toBe(then)
})

describe('an operator leaves a drop out', () => {
  test('one that waits is in no generation; taken in again it is', async () => {
    const world = await createWorld({ trainingData: 'append', quietSeconds: 60, maxQuietSeconds: 60 })
    await dropped(world, name('good'), 'age\n1\n')
    await dropped(world, name('bad'), 'age\n2\n')
    const id = await idOf(world, 'bad')
    expect(await excludeDrop(world.ports, world.key, id, 'wrong month')).toBe('changed')
    expect(await excludeDrop(world.ports, world.key, id, 'wrong month')).toBe('unchanged')
    await world.play(300)
    expect(await inputOf(world, 1)).toBe('age\n1\n')
    expect(await dropOf(world, 'bad')).toMatchObject({ state: 'excluded', excludedFor: 'wrong month' })
    expect(await includeDrop(world.ports, world.key, id)).toBe('changed')
    await world.play(300)
    expect(await inputOf(world, 2)).toBe('age\n1\n2\n')
    expect(await dropOf(world, 'bad')).toMatchObject({ state: 'taken', generation: 2 })
  })

  test('one that was joined is left out of the next set, and may be joined again', async () => {
    const world = await createWorld({ trainingData: 'append' })
    for (const [index, file] of ['a', 'b', 'c'].entries()) {
      if (index === 2) await excludeDrop(world.ports, world.key, await idOf(world, 'a'), 'wrong')
      await dropped(world, name(file), `age\n${index}\n`)
      await world.play(300)
    }
    expect(await inputOf(world, 3)).toBe('age\n1\n2\n')
    expect(await dropOf(world, 'a')).toMatchObject({ state: 'excluded', generation: 1 })
    await includeDrop(world.ports, world.key, await idOf(world, 'a'))
    await dropped(world, name('d'), 'age\n3\n')
    await world.play(300)
    expect(await inputOf(world, 4)).toBe('age\n0\n1\n2\n3\n')
  })

  test('a generation that is being opened with it is not committed, or it is not changed', async () => {
    const world = await createWorld({ trainingData: 'append' })
    await dropped(world, name('bad'), 'age\n2\n')
    const id = await idOf(world, 'bad')
    const { writeManifest } = world.ports
    world.ports.writeManifest = async (manifest) => {
      world.ports.writeManifest = writeManifest
      await excludeDrop(world.ports, world.key, id, 'wrong')
      return writeManifest(manifest)
    }
    await world.play(300)
    expect(await world.head()).toMatchObject({ lastGeneration: 0 })
    expect(await dropOf(world, 'bad')).toMatchObject({ state: 'excluded' })
  })

  test('an unknown drop is none', async () => {
    const world = await createWorld()
    expect(await excludeDrop(world.ports, world.key, 'x-1', 'wrong')).toBe('unknown')
  })
})

describe('a drop that a failed job names', () => {
  test.each([
    ['by its file', 'Error 0018: column "age" of b.csv is no number'],
    ['by its line in the joined set', 'Error 0018: column "age", line 4: "x" is no number'],
  ])('%s is left out of later sets', async (_how, details) => {
    const world = await createWorld({ trainingData: 'append' })
    await dropped(world, name('a'), 'age\n1\n2\n')
    await world.play(300)
    await dropped(world, name('b'), 'age\nx\n')
    await world.step()
    world.services.fail('job2', details)
    await world.play(60)
    expect(await world.run(2)).toMatchObject({ state: 'failed' })
    expect((await world.run(2))?.reason).toContain('left out of later sets: contoso/census/b.csv')
    expect((await dropOf(world, 'b'))?.excludedFor).toContain('named by the failed job of generation 2')
    await dropped(world, name('c'), 'age\n3\n')
    await world.play(300)
    expect(await inputOf(world, 3)).toBe('age\n1\n2\n3\n')
    expect(await world.run(3)).toMatchObject({ state: 'live' })
  })
})
