import { expect, test } from 'vitest'
import { RetryableError } from '../../../shared/retraining/errors.ts'
import { createWorld, march } from '../../fakes/world.ts'

/** One name that was written anew so many times, each time with other content; all but the last are gone. */
async function crowded(count: number) {
  const world = await createWorld()
  const put = async (text: string) => {
    world.clock.advance(1)
    await world.containers.trainingData.putText(march, text)
    return world.drop(march)
  }
  for (let version = 0; version < count; version++) await put(`age\n${version}\n`)
  await world.play(300)
  return { ...world, put }
}

test('the thousandth version of a name reads no more rows than the hundredth', async () => {
  const world = await crowded(400)
  const counted = { rows: 0 }
  const { list, get } = world.tables.models
  world.tables.models.list = async (...asked) => {
    const page = await list(...asked)
    counted.rows += page.rows.length
    return page
  }
  world.tables.models.get = async (...asked) => {
    counted.rows++
    return get(...asked)
  }
  expect(await world.put('age\nanother\n')).toBe('accepted')
  expect(counted.rows).toBeLessThan(120)
})

test('of very many versions the newest is the one that content is compared with, and no older one', async () => {
  const world = await crowded(130)
  expect(await world.put('age\n129\n')).toBe('unchanged')
  expect(await world.put('age\n5\n')).toBe('accepted')
  expect(await world.drop(march)).toBe('known')
  await world.play(300)
  expect(await world.put('age\n5\n')).toBe('unchanged')
  expect(await world.put('age\n5\n')).toBe('unchanged')
  expect(await world.put('age\n129\n')).toBe('accepted')
})

test('of two versions recorded at once one is tried again, and what is there counts as there', async () => {
  const world = await crowded(110)
  const { versions, newest } = await world.ports.readVersions(world.key, march)
  const [drop] = versions
  if (drop === undefined || newest === undefined) throw new Error('no newest version')
  const version = (etag: string) => ({ ...drop, etag, id: world.ports.dropId(march, etag) })
  expect(await world.ports.insertDrop(world.key, version('one'), newest)).toBe('inserted')
  await expect(world.ports.insertDrop(world.key, version('two'), newest)).rejects.toThrow(RetryableError)
  expect(await world.ports.readDrop(world.key, version('two').id)).toBeUndefined()
  expect(await world.ports.insertDrop(world.key, version('one'), newest)).toBe('exists')
})
