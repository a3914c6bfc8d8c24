import { expect, test } from 'vitest'
import { createClassicTraining } from '../../../../shared/adapters/classic/classicTraining.ts'
import { createSecrets } from '../../../../shared/adapters/secrets.ts'
import { CredentialRefused } from '../../../../shared/retraining/services.ts'
import { service } from '../../../fakes/world.ts'

test("a training service whose key is missing is troubled, and fails no customer's run for good", async () => {
  const training = createClassicTraining({
    http: { send: () => Promise.reject(new Error('nothing may be sent')) },
    guard: { check: (_what, text) => new URL(text) },
    secrets: createSecrets({ env: {}, now: () => 0 }),
    redact: (text) => text,
    now: () => 0,
    random: () => 0,
    totalSeconds: 60,
  })
  const input = { baseLocation: 'https://a/', relativeLocation: 'b', sasBlobToken: '' }
  const calls = [
    () => training.submitJob(service, input),
    () => training.startJob(service, 'j1'),
    () => training.getJob(service, 'j1'),
    () => training.deleteJob(service, 'j1'),
  ]
  for (const call of calls) {
    await expect(call()).rejects.toThrow(CredentialRefused)
    await expect(call()).rejects.toThrow('Cannot resolve the secret env:TRAINING_KEY: the setting is missing')
  }
})
