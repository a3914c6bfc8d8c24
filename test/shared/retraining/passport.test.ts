import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../../cli/lineage/readPassports.ts'
import { verifyPassports } from '../../../cli/lineage/verifyPassports.ts'
import { canonicalJson } from '../../../shared/retraining/canonicalJson.ts'
import type { Passport } from '../../../shared/retraining/passport.ts'
import { rollback } from '../../../shared/retraining/rollback.ts'
import { showPassports } from '../../../shared/retraining/showPassport.ts'
import { writePassport } from '../../../shared/retraining/writePassport.ts'
import { createWorld, dropped, type World } from '../../fakes/world.ts'

async function threeLives(): Promise<World> {
  const world = await createWorld()
  await dropped(world, 'contoso/census/march.csv', 'age\n39\n')
  await world.play(300)
  await dropped(world, 'contoso/census/april.csv', 'age\n40\n')
  await world.play(300)
  await rollback(world.ports, world.key, { by: 'kim', reason: 'april is wrong', to: 1 })
  await world.play(300)
  return world
}

async function chainOf(world: World, generation: number): Promise<Passport[]> {
  return (await showPassports(world.ports, { ...world.key, generation }, { most: 10 })) ?? []
}

const kinds = (passports: readonly Passport[], evidence = {}) =>
  verifyPassports(passports, evidence, { sha256 }).map(({ kind }) => kind)

describe('the passport of a live model', () => {
  test('says what it was trained on, by which job, why it was let in and when', async () => {
    const world = await threeLives()
    const [, second] = (await chainOf(world, 1)).toReversed()
    const run = await world.run(2)
    expect(second).toMatchObject({
      format: 'retrain-passport/1',
      generation: 2,
      sequence: 2,
      warrant: 'gatePassed',
      evidence: 'location and probe row',
      training: {
        service: 'census training',
        jobId: 'job2',
        parameters: { trainingData: 'latest', inputPort: 'input1', modelPort: 'output1' },
      },
      manifest: { drops: [{ name: 'contoso/census/april.csv', use: 'trained' }] },
      metrics: { AUC: 0.9 },
      modelFile: { sha256: run?.archive?.model.sha256 },
    })
    expect(second?.manifest.drops[0]).toMatchObject(checksums('age\n40\n'))
  })

  test('a rollback is one more: the chain tells which model answered when', async () => {
    const chain = await chainOf(await threeLives(), 1)
    expect(chain.map(({ sequence, generation, warrant }) => [sequence, generation, warrant])).toEqual([
      [3, 1, 'rollback'],
      [2, 2, 'gatePassed'],
      [1, 1, 'firstModel'],
    ])
    expect(chain.map(({ previous }) => previous?.sha256)).toEqual([
      chain[1]?.sha256,
      chain[2]?.sha256,
      undefined,
    ])
    expect(kinds(chain)).not.toContain('wrong')
  })

  test('written anew from the rows it has the same bytes', async () => {
    const world = await threeLives()
    const [newest] = await chainOf(world, 1)
    const run = await world.run(1)
    const life = run?.lives?.at(-1)
    if (run === undefined || life === undefined || newest === undefined) throw new Error('never live')
    let again = ''
    const createPassport = async (passport: Passport) => {
      again = canonicalJson(passport)
    }
    await writePassport({ ...world.ports, createPassport }, run, life)
    expect(again).toBe(world.containers.models.text('_passports/contoso/census/0000000003.json'))
    expect(again).toBe(canonicalJson(newest))
  })

  test('of a run that was never live there is none', async () => {
    const world = await createWorld({ gate: { kind: 'limits', limits: ['AUC >= 0.99'] } })
    await dropped(world)
    await world.play(300)
    expect(await chainOf(world, 1)).toEqual([])
    expect(await showPassports(world.ports, { ...world.key, generation: 9 }, { most: 1 })).toBeUndefined()
  })
})

describe('verifying', () => {
  test('finds a changed number, a changed manifest, a missing link', async () => {
    const [third, second, first] = await chainOf(await threeLives(), 1)
    if (third === undefined || second === undefined || first === undefined) throw new Error('no chain')
    expect(kinds([{ ...second, metrics: { AUC: 0.99 } }])).toContain('wrong')
    const manifest = { ...second.manifest, drops: [] }
    const { sha256: _old, ...forged } = { ...second, manifest }
    expect(kinds([{ ...forged, sha256: sha256(canonicalJson(forged)) }])).toContain('wrong')
    expect(kinds([third, first])).toContain('wrong')
    expect(kinds([third, second, first].map((one) => one))).not.toContain('wrong')
    const resigned = { ...first, evidence: 'location only' }
    const { sha256: _own, ...rest } = resigned
    expect(kinds([third, second, { ...resigned, sha256: sha256(canonicalJson(rest)) }])).toContain('wrong')
  })

  test('compares the model file and the data', async () => {
    const [, second] = await chainOf(await threeLives(), 1)
    if (second === undefined) throw new Error('no passport')
    const good = { modelSha256: second.modelFile.sha256, data: [{ file: 'a', ...checksums('age\n40\n') }] }
    expect(kinds([second], good)).not.toContain('wrong')
    expect(kinds([second], { modelSha256: '0' })).toContain('wrong')
    expect(kinds([second], { data: [{ file: 'a', ...checksums('age\n39\n') }] })).toContain('wrong')
  })
})

test('canonical JSON is one spelling: sorted names, no blanks, absent left out', () => {
  expect(canonicalJson({ b: 1, a: [1.0, 'ü', null, { d: undefined, c: 1e21 }] })).toBe(
    '{"a":[1,"ü",null,{"c":1e+21}],"b":1}',
  )
})

function checksums(text: string): { sha256: string; md5: string } {
  const hash = (algorithm: string) => createHash(algorithm).update(text)
  return { sha256: hash('sha256').digest('hex'), md5: hash('md5').digest('base64') }
}
