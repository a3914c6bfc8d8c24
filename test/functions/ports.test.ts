import { expect, test } from 'vitest'
import { landedBlobName, receivedMessage, trainingDataTrigger } from '../../shared/ports.ts'

test.each([
  [{}, { kind: 'blob', source: 'LogsAndContainerScan' }],
  [{ BLOB_TRIGGER_SOURCE: 'EventGrid' }, { kind: 'blob', source: 'EventGrid' }],
  [{ TRAINING_DATA_TRIGGER: 'events', BLOB_TRIGGER_SOURCE: 'EventGrid' }, { kind: 'events' }],
])('the trigger of new training data follows the settings: %j', (env, trigger) => {
  expect(trainingDataTrigger(env)).toEqual(trigger)
})

test.each([
  ['training-data/contoso/census/march.csv', 'contoso/census/march.csv'],
  ['training-data/readme.txt', 'readme.txt'],
])('the name of a landed blob is what follows its container: %s', (blobTrigger, name) => {
  expect(landedBlobName({ triggerMetadata: { blobTrigger } })).toBe(name)
})

test('a received message has the id it has in its queue, else the invocation id', () => {
  const invocationId = 'i1'
  expect(receivedMessage({ v: 1 }, { triggerMetadata: { id: 'm1' }, invocationId })).toEqual({
    id: 'm1',
    body: { v: 1 },
  })
  expect(receivedMessage('x', { invocationId })).toEqual({ id: 'i1', body: 'x' })
})
