import { expect, test } from 'vitest'
import { createUrlGuard, isPublicAddress } from '../../../shared/adapters/urlGuard.ts'
import { TerminalError } from '../../../shared/retraining/errors.ts'

const allowedHosts = ['.azureml.net', '.blob.core.windows.net', 'ml.example.org']
const guard = createUrlGuard({ allowedHosts, developmentLoopback: false })
const development = createUrlGuard({ allowedHosts, developmentLoopback: true })

const fine = [
  'https://ussouthcentral.services.azureml.net/workspaces/w/services/s/jobs?api-version=2.0',
  'https://management.azureml.net/workspaces/w/webservices/s/endpoints/acme',
  'https://acct.blob.core.windows.net/c/model.ilearner?sv=1&sig=x',
  'https://ML.example.org:443/x',
]
test.each(fine)('allowed: %s', (url) => {
  expect(guard.check('jobs URL', url).href).toBe(new URL(url).href)
})

const bypasses: [url: string, reason: string][] = [
  ['http://ussouthcentral.services.azureml.net/', 'it is not https'],
  ['ftp://ussouthcentral.services.azureml.net/', 'it is not https'],
  ['file:///etc/passwd', 'it is not https'],
  ['javascript:alert(1)', 'it is not https'],
  ['https://2130706433/', 'it is an address, not a name'],
  ['https://0x7f.1/', 'it is an address, not a name'],
  ['https://017700000001/', 'it is an address, not a name'],
  ['https://127.0.0.1/', 'it is an address, not a name'],
  ['https://169.254.169.254/metadata/identity', 'it is an address, not a name'],
  ['https://10.0.0.1/', 'it is an address, not a name'],
  ['https://8.8.8.8/', 'it is an address, not a name'],
  ['https://[::1]/', 'it is an address, not a name'],
  ['https://[::ffff:7f00:1]/', 'it is an address, not a name'],
  ['https://[fd00::1]/', 'it is an address, not a name'],
  ['https://localhost/', 'the host is not in ALLOWED_HOSTS'],
  ['https://metadata.internal/', 'the host is not in ALLOWED_HOSTS'],
  ['https://azureml.net.evil.com/', 'the host is not in ALLOWED_HOSTS'],
  ['https://evilazureml.net/', 'the host is not in ALLOWED_HOSTS'],
  ['https://azureml.net/', 'the host is not in ALLOWED_HOSTS'],
  ['https://.azureml.net/', 'the host is not in ALLOWED_HOSTS'],
  ['https://x.azureml.net./', 'the host is not in ALLOWED_HOSTS'],
  ['https://evil.com/.azureml.net', 'the host is not in ALLOWED_HOSTS'],
  ['https://evil.com#.azureml.net', 'the host is not in ALLOWED_HOSTS'],
  ['https://evil.com?.azureml.net', 'the host is not in ALLOWED_HOSTS'],
  ['https://evil%2ecom/x.azureml.net', 'the host is not in ALLOWED_HOSTS'],
  ['https://evil。com/', 'the host is not in ALLOWED_HOSTS'],
  ['https://sub.ml.example.org/', 'the host is not in ALLOWED_HOSTS'],
  ['https://x.azureml.net@evil.com/', 'it holds a user or a password'],
  ['https://user:geheim@x.azureml.net/', 'it holds a user or a password'],
  ['https://x.azureml.net:8443/', 'it names a port'],
  ['https://x.azureml.net:22/', 'it names a port'],
  ['not a url', 'it is no URL'],
  ['', 'it is no URL'],
  ['//x.azureml.net/', 'it is no URL'],
  ['https://', 'it is no URL'],
]
test.each(bypasses)('refused: %s', (url, reason) => {
  expect(() => guard.check('jobs URL', url)).toThrow(TerminalError)
  expect(() => guard.check('jobs URL', url)).toThrow(new RegExp(`^Cannot use the jobs URL.*: ${reason}$`))
})

test('a backslash before @ stays a path of the allowed host, for the same parsed URL is requested', () => {
  const text = String.raw`https://x.azureml.net\@evil.com/`
  expect(guard.check('jobs URL', text).hostname).toBe('x.azureml.net')
})

test('the error names the host and neither query nor password', () => {
  expect(() => guard.check('jobs URL', 'https://u:geheim@evil.com/?sig=geheim')).toThrow(
    /^Cannot use the jobs URL at evil.com: it holds a user or a password$/,
  )
})

const loopback = ['http://127.0.0.1:10000/devstoreaccount1/c', 'http://localhost:7071/', 'https://[::1]:9/x']
test.each(loopback)('with the development setting alone: %s', (url) => {
  expect(development.check('jobs URL', url).href).toBe(url)
  expect(() => guard.check('jobs URL', url)).toThrow(TerminalError)
})

const neverLoopback = [
  'http://10.0.0.1/',
  'http://x.azureml.net/',
  'https://0.0.0.0/',
  'ftp://localhost/',
  'http://u@localhost/',
]
test.each(neverLoopback)('not even with the development setting: %s', (url) => {
  expect(() => development.check('jobs URL', url)).toThrow(TerminalError)
})

const addresses: [address: string, isPublic: boolean][] = [
  ['20.43.120.1', true],
  ['2603:1030:20e:3::23c', true],
  ['127.8.8.8', false],
  ['10.1.2.3', false],
  ['172.31.255.255', false],
  ['172.32.0.1', true],
  ['192.168.1.1', false],
  ['100.64.0.1', false],
  ['169.254.169.254', false],
  ['168.63.129.16', false],
  ['0.0.0.0', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::', false],
  ['::ffff:10.0.0.1', false],
  ['::ffff:20.43.120.1', false],
  ['fe80::1', false],
  ['fd12:3456::1', false],
  ['64:ff9b::a00:1', false],
  ['2002:a00:1::', false],
  ['2001:0:a00:1::', false],
  ['2001:db8::1', false],
  ['nonsense', false],
]
test.each(addresses)('%s is public: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic)
})

type Found = { error: Error | null; addresses: unknown }
function lookUp(answers: string[], host: string, all: boolean, developmentLoopback = false): Promise<Found> {
  const lookup = () =>
    Promise.resolve(answers.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
  const { lookup: guarded } = createUrlGuard({ allowedHosts, developmentLoopback, lookup })
  return new Promise((resolve) => {
    guarded(host, { all }, (error, addresses) => resolve({ error, addresses }))
  })
}

test('a name with public addresses alone is connected to', async () => {
  expect(await lookUp(['20.43.120.1'], 'x.azureml.net', false)).toEqual({
    error: null,
    addresses: '20.43.120.1',
  })
  const all = await lookUp(['20.43.120.1', '2603:1030::1'], 'x.azureml.net', true)
  expect(all.addresses).toEqual([
    { address: '20.43.120.1', family: 4 },
    { address: '2603:1030::1', family: 6 },
  ])
})

test.each([['20.43.120.1', '10.0.0.1'], ['127.0.0.1'], ['::1'], []])(
  'a name is refused when any of its addresses is not public: %s %s',
  async (...answers) => {
    const { error } = await lookUp(answers, 'x.azureml.net', true)
    expect(error).toBeInstanceOf(TerminalError)
  },
)

test('with the development setting localhost, and no other name, may be this machine', async () => {
  expect((await lookUp(['127.0.0.1', '::1'], 'localhost', true, true)).error).toBeNull()
  expect((await lookUp(['10.0.0.1'], 'localhost', true, true)).error).toBeInstanceOf(TerminalError)
  expect((await lookUp(['127.0.0.1'], 'x.azureml.net', true, true)).error).toBeInstanceOf(TerminalError)
})

test('a name that does not resolve is the network’s trouble', async () => {
  const failing = createUrlGuard({
    allowedHosts,
    developmentLoopback: false,
    lookup: () => Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })),
  })
  const error = await new Promise((resolve) => failing.lookup('x.azureml.net', { all: true }, resolve))
  expect(error).toMatchObject({ code: 'ENOTFOUND' })
})
