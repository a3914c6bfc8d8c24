import { inspect } from 'node:util'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { createAzureStores } from '../../shared/adapters/azureStores.ts'
import { createHttpClient } from '../../shared/adapters/http/httpClient.ts'
import { createSecrets } from '../../shared/adapters/secrets.ts'
import { createUrlGuard } from '../../shared/adapters/urlGuard.ts'
import { loadConfig } from '../../shared/config.ts'
import { Secret } from '../../shared/lib/secret.ts'
import { type Sink, searchSecrets } from './search.ts'

describe('no thrown error holds one', () => {
  const canary = 'cAnArYtHrOwN0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH+/=='
  const thrown = async (work: () => unknown): Promise<Sink[]> => {
    const error = await Promise.resolve()
      .then(work)
      .then(
        () => new Error('nothing was thrown'),
        (reason: unknown) => reason,
      )
    expect(String(error)).not.toContain('nothing was thrown')
    const text = inspect(error, { depth: 12, showHidden: true, maxStringLength: null })
    return [{ where: 'an error', text: `${text}\n${JSON.stringify(error)}` }]
  }
  const guard = createUrlGuard({ allowedHosts: [], developmentLoopback: true })
  const times = { connectSeconds: 1, headersSeconds: 1, bodySeconds: 1, maxAnswerBytes: 1_000 }
  const http = createHttpClient(times, guard)
  afterAll(() => http.close())
  const nowhere = `http://127.0.0.1:1/c/b?sv=1&sr=b&sp=r&sig=${canary}`
  const wrongKey = () =>
    inject('storage').replace(/AccountKey=[^;]+/, `AccountKey=${Buffer.from(canary).toString('base64')}`)
  const cases: [what: string, work: () => unknown][] = [
    [
      'bad settings',
      () => loadConfig({ RETRAIN_STORAGE: canary, POLL_SCHEDULE: canary, ALLOWED_HOSTS: canary }),
    ],
    [
      'a storage account that refuses its key',
      () => createAzureStores(wrongKey()).tables.models.get('p', 'r'),
    ],
    ['a queue that refuses its key', () => createAzureStores(wrongKey()).queues.trainingJobs.send({ v: 1 })],
    ['a container that refuses its key', () => createAzureStores(wrongKey()).containers.models.read('x', 9)],
    [
      'a service that is not there',
      () => {
        const headers = { authorization: `Bearer ${canary}` }
        return http.send({ method: 'GET', url: guard.check('job', nowhere), headers })
      },
    ],
    ['a URL that is refused', () => guard.check('job', nowhere.replace('http', 'ftp'))],
    [
      'a secret whose reference is the secret itself',
      () => createSecrets({ env: {}, now: Date.now }).resolve(canary),
    ],
    [
      'an error that carries a secret',
      () => {
        throw Object.assign(new Error('x'), { key: new Secret(canary) })
      },
    ],
  ]
  test.each(cases)('%s', async (_what, work) => {
    expect(
      searchSecrets({ canary, encoded: Buffer.from(canary).toString('base64') }, await thrown(work)),
    ).toEqual([])
  })
})
