import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestBed, type Target, type TestBed } from '../emulator/harness.ts'
import { type Browser, type BrowserPage, missingBrowser, openBrowser } from '../emulator/pages/chromium.ts'
import { eventually } from '../setup/eventually.ts'
import { type GatewayBed, startGatewayBed } from './gatewayBed.ts'

const missing = await missingBrowser()
if (missing !== undefined) console.log(`The try-it page is not tried in a browser: ${missing}`)
const isInstalled = (() => {
  try {
    return createRequire(import.meta.url).resolve('swagger-ui-dist/package.json') !== ''
  } catch {
    return false
  }
})()

describe.skipIf(missing !== undefined || !isInstalled)('the try-it page in Chromium', () => {
  let bed: TestBed
  let gateway: GatewayBed
  let hashing: Target
  let browser: Browser
  let page: BrowserPage
  let url: string
  const complaints: string[] = []
  const requested: string[] = []
  const operation = () => page.locator('#operations-RRS-rrs-execute')

  beforeAll(async () => {
    bed = await startTestBed()
    hashing = bed.target('SimpleFeatureHashingExperiment')
    gateway = await startGatewayBed(bed.emulator.url, { now: Date.now })
    url = gateway.gateway.url
    browser = await openBrowser()
    page = await browser.newPage()
    page.on('console', (message: { type(): string; text(): string }) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error: Error) => complaints.push(error.message))
    page.on('request', (request: { url(): string }) => requested.push(request.url()))
  })
  afterAll(async () => {
    await browser?.close()
    await gateway?.remove()
    await bed?.remove()
  })

  test('shows the five operations, and authorises by the two keys', async () => {
    await page.goto(`${url}/try-it/`)
    await operation().waitFor()
    expect(await page.locator('.opblock').count()).toBe(5)
    await page.locator('.auth-wrapper .authorize').click()
    const key = gateway.keyOf('Starter')
    await page.locator('#api_key_value').fill(key)
    await page.locator('.auth-container:has(#api_key_value) button.authorize').click()
    await page.locator('#auth-bearer-value').fill(hashing.key)
    await page.locator('.auth-container:has(#auth-bearer-value) button.authorize').click()
    await page.locator('.dialog-ux .close-modal').click()
    expect(complaints).toEqual([])
  })

  test('is prefilled with the guide’s example but for workspace and service', async () => {
    await operation().locator('.opblock-summary-control').click()
    await operation().locator('textarea').waitFor()
    const [, , workspace = '', , service = ''] = new URL(hashing.api).pathname.split('/')
    await operation().locator('[data-param-name="workspace"] input').fill(workspace)
    await operation().locator('[data-param-name="service"] input').fill(service)
    expect(await operation().locator('[data-param-name="api-version"] input').inputValue()).toBe('2.0')
    expect(JSON.parse(await operation().locator('textarea').inputValue())).toEqual({
      Inputs: { input1: { ColumnNames: ['Col2'], Values: [['This is a good day']] } },
      GlobalParameters: {},
    })
  })

  test('answers 200 five times with status, headers, content and the back end’s URL, then 429', async () => {
    const status = operation().locator('.live-responses-table tbody .response-col_status')
    for (let at = 1; at <= 5; at++) {
      await operation().locator('button.execute').click()
      await operation().locator('.gateway-requested-url').waitFor()
      await operation().locator('.live-responses-table').waitFor()
      expect([at, (await status.innerText()).trim()]).toEqual([at, expect.stringMatching(/^200/)])
      if (at === 1) await checkAnswer()
      await operation().locator('.btn-clear').click()
      await operation().locator('.live-responses-table').waitFor({ state: 'detached' })
    }
    expect(complaints).toEqual([])
    await operation().locator('button.execute').click()
    await operation().locator('.live-responses-table').waitFor()
    expect((await status.innerText()).trim()).toMatch(/^429/)
    expect(await operation().locator('.live-responses-table').innerText()).toMatch(
      /Rate limit is exceeded\. Try again in \d+ seconds\./,
    )
    // Chromium reports every answer of 429 on its console.
    await eventually(() => expect(complaints).toHaveLength(1))
    complaints.length = 0
  })

  async function checkAnswer() {
    const path = new URL(hashing.api).pathname
    const asked = await operation().locator('.gateway-requested-url code').innerText()
    expect(asked).toBe(`${bed.emulator.url}${path}/execute?api-version=2.0&details=true`)
    const answer = await operation().locator('.live-responses-table').innerText()
    expect(answer).toContain('Col2_HashingFeature.0')
    expect(answer).toContain('x-ms-request-id')
    const curl = await operation().locator('.curl-command').innerText()
    expect(curl).toContain('<subscription key>')
    expect(curl).not.toContain('x-gateway-trace')
    const text = await page.evaluate<string>('document.body.innerText')
    expect(text.includes(gateway.keyOf('Starter')) || text.includes(hashing.key)).toBe(false)
  }

  test('asks nobody but the gateway, and keeps no key', async () => {
    expect(requested.filter((asked) => !asked.startsWith(`${url}/`) && !asked.startsWith('data:'))).toEqual(
      [],
    )
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).toBe('{}')
    await page.goto(`${url}/usage`)
    await page.getByRole('heading', { name: 'Subscriptions' }).waitFor()
    expect(await page.locator('table').count()).toBe(3)
    expect(complaints).toEqual([])
  })
})
