import { expect, test } from 'vitest'
import { readTuning } from '../../../local/host/settings/tuning.ts'
import { hostSettings } from '../../../local/setup/hostSettings.ts'
import { loadConfig, settingNames } from '../../../shared/config.ts'

const settings = hostSettings('UseDevelopmentStorage=true', '/x/secrets.json')

test('the app reads the local settings, and every one of its own names is known to it', () => {
  const config = loadConfig(settings)
  expect(config.DEVELOPMENT_LOOPBACK).toBe(true)
  expect(config.SECRETS_FILE).toBe('/x/secrets.json')
  const others = /^(AzureWebJobsStorage|AzureFunctionsJobHost__.*|LOCAL_HOST_.*|FUNCTIONS_WORKER_RUNTIME)$/
  expect(Object.keys(settings).filter((name) => !settingNames.includes(name) && !others.test(name))).toEqual(
    [],
  )
})

test('the built-in host reads its tuning', () => {
  const tuning = readTuning(settings)
  expect(tuning.blobScanMs).toBe(500)
  expect(tuning.dequeueLeaseSeconds).toBe(30)
})
