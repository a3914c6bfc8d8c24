import { expect, test } from 'vitest'
import {
  createScorer,
  decodeModel,
  encodeModel,
  type Model,
  ModelFileError,
  trainJob,
} from '../../../../emulator/engine/index.ts'
import type { TreeEnsemble } from '../../../../emulator/engine/model.ts'
import { decodeMetadata } from '../../../../emulator/engine/onnx/decodeMetadata.ts'
import { encodeSeal } from '../../../../emulator/engine/onnx/seal.ts'
import type { LearnerSpec } from '../../../../emulator/experiment.ts'
import { fc } from '../../../setup/properties.ts'
import { bytesOf, experimentOf, logisticRegression, makeCsv, mixedColumns } from '../sampleData.ts'

const smallTrees: LearnerSpec = { kind: 'twoClassBoostedDecisionTree', numberOfTrees: 3, numberOfLeaves: 4 }
const files: [name: string, file: Uint8Array][] = [
  ['boosted trees', trainJob(experimentOf(mixedColumns, smallTrees), bytesOf(makeCsv(200, 5))).model],
  [
    'logistic regression',
    trainJob(experimentOf(mixedColumns, logisticRegression), bytesOf(makeCsv(200, 5))).model,
  ],
]
const sealLength = encodeSeal(new Uint8Array()).length
const contentOf = (file: Uint8Array) => file.subarray(0, file.length - sealLength)
const seal = (content: Uint8Array) => Buffer.concat([content, encodeSeal(content)])

test.each(files)('%s: reading and writing again gives the same bytes', (_name, file) => {
  expect(Buffer.compare(encodeModel(decodeModel(file)), file)).toBe(0)
})

test.each(files)('%s: a file with any byte changed, or cut off, is refused', (_name, file) => {
  const change = fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }))
  fc.assert(
    fc.property(change, ([at, by]) => {
      const damaged = Uint8Array.from(file)
      damaged[at] = (damaged[at] ?? 0) ^ by
      expect(() => decodeModel(damaged)).toThrow(ModelFileError)
      expect(() => decodeModel(file.subarray(0, at))).toThrow(ModelFileError)
    }),
  )
})

test.each(files)(
  '%s: a hostile file with a right checksum is refused or scores without going round',
  (_name, file) => {
    let read = 0
    const content = contentOf(file)
    const change = fc.tuple(fc.integer({ min: 13, max: content.length - 1 }), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const hostile = Uint8Array.from(content)
        for (const [at, byte] of changes) hostile[at] = byte
        const model = readOrRefuse(seal(hostile))
        if (model === undefined) return
        read++
        expect(typeof createScorer(model).score([1, 2, 'red', 'X']).probability).toBe('number')
      }),
      { numRuns: 1_000 },
    )
    expect(read).toBeGreaterThan(10)
  },
)

function readOrRefuse(file: Uint8Array): Model | undefined {
  try {
    return decodeModel(file)
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFileError)
    return undefined
  }
}

const trees = (): TreeEnsemble => ({
  kind: 'trees',
  base: 0,
  roots: Int32Array.of(0),
  mode: Uint8Array.of(1, 0, 0),
  feature: Int32Array.of(0, 0, 0),
  value: Float32Array.of(1.5, -1, 1),
  yes: Int32Array.of(1, 0, 0),
  no: Int32Array.of(2, 0, 0),
  missingYes: Uint8Array.of(0, 0, 0),
})
const modelWith = (fit: TreeEnsemble): Model => ({
  learner: {
    kind: 'twoClassBoostedDecisionTree',
    parameters: { numberOfTrees: 1, numberOfLeaves: 2, minimumLeafInstances: 1, learningRate: 1 },
  },
  inputs: [{ kind: 'numeric', name: 'x' }],
  label: { column: 'y', negative: 'no', positive: 'yes' },
  rows: 2,
  evaluation: undefined,
  fit,
})

test('the model by hand that the hostile ones are made of is read', () => {
  const scorer = createScorer(decodeModel(encodeModel(modelWith(trees()))))
  expect([scorer.score([1]).label, scorer.score([2]).label, scorer.score([null]).label]).toEqual([
    'no',
    'yes',
    'yes',
  ])
})

const hostile: [when: string, change: Partial<TreeEnsemble>, message: string][] = [
  ['a node that is its own child', { yes: Int32Array.of(0, 0, 0) }, 'node 0 has a child that none can be'],
  ['a child beyond the tree', { no: Int32Array.of(3, 0, 0) }, 'node 0 has a child that none can be'],
  ['a feature out of range', { feature: Int32Array.of(1, 0, 0) }, 'a feature is out of range'],
  ['a threshold that is not finite', { value: Float32Array.of(Number.NaN, 1, 1) }, 'a number is not finite'],
  ['a base that is not finite', { base: Number.POSITIVE_INFINITY }, 'a number is not finite'],
  [
    'lists of unequal length',
    { missingYes: Uint8Array.of(0, 0) },
    'nodes_missing_value_tracks_true has 2 values in place of 3',
  ],
  [
    'leaves without a value',
    { mode: Uint8Array.of(1, 0, 1), yes: Int32Array.of(1, 0, 9) },
    'node 2 has a child that none can be',
  ],
]
test.each(hostile)('refuses %s', (_when, change, message) => {
  const file = encodeModel(modelWith({ ...trees(), ...change }))
  expect(() => decodeModel(file)).toThrow(`Cannot read the model file: ${message}`)
})

const rewritten: [when: string, from: string, to: string, message: string][] = [
  [
    'another format version',
    '"formatVersion":1',
    '"formatVersion":2',
    'its format version is 2, this emulator reads 1',
  ],
  [
    'another algorithm',
    '"algorithm":"twoClassB',
    '"algorithm":"xwoClassB',
    'the algorithm "xwoClassBoostedDecisionTree" is not known',
  ],
  ['metadata that is not JSON', '{"formatVersion"', '["formatVersion"', 'the metadata is not JSON'],
  [
    'a parameter out of its limits',
    '"learningRate":1',
    '"learningRate":7',
    'learningRate must be a real number',
  ],
]
test.each([
  '{"formatVersion":{"toString":1}}',
  '{"formatVersion":1,"label":{"order":[1,2]},"rows":1,"algorithm":{"toString":1}}',
  '{"formatVersion":1,"label":{"order":[]},"rows":1,"algorithm":"twoClassLogisticRegression","parameters":{"l1Weight":{"valueOf":1}}}',
  '[]',
  'null',
])('metadata made to trip the reader is refused: %s', (json) => {
  expect(() => decodeMetadata(json)).toThrow(ModelFileError)
})

test.each(rewritten)('refuses %s', (_when, from, to, message) => {
  const content = Buffer.from(contentOf(encodeModel(modelWith(trees()))))
  content.write(to, content.indexOf(from))
  expect(() => decodeModel(seal(content))).toThrow(`Cannot read the model file: ${message}`)
})

test('a file that is no model, and one too large, are refused with their reason', () => {
  expect(() => decodeModel(new Uint8Array())).toThrow('it is not a model that this emulator trained')
  expect(() => decodeModel(bytesOf('AUC,Accuracy\n1,1\n'))).toThrow(
    'it is not a model that this emulator trained',
  )
  const file = encodeModel(modelWith(trees()))
  expect(() => decodeModel(file, { maxBytes: 100 })).toThrow('are more than the 100 that are read')
  expect(() => decodeModel(file.subarray(0, -1))).toThrow(
    'it is damaged or cut off (its checksum is another)',
  )
})
