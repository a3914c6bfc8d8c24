import { expect, test } from 'vitest'
import { judge } from '../../../shared/retraining/gate.ts'

test('the gate always names the first model as the warrant, later the gate', () => {
  const candidate = { metrics: { AUC: 0.5 } }
  expect(judge({ kind: 'always' }, candidate, undefined)).toMatchObject({ warrant: 'firstModel' })
  expect(judge({ kind: 'always' }, candidate, candidate)).toMatchObject({ warrant: 'gatePassed' })
})
