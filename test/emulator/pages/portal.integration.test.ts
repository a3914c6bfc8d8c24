import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { call } from '../wire.ts'
import { type Browser, type BrowserPage, missingBrowser, openBrowser, otherName } from './chromium.ts'

const missing = missingBrowser()
if (missing !== undefined) console.log(`The portal is not tried in a browser: ${missing}`)

describe.skipIf(missing !== undefined)('the portal in Chromium', () => {
  let bed: TestBed
  let fruit: Target
  let browser: Browser
  let page: BrowserPage
  let url: string
  /** What the browser complained of: errors of scripts, refusals of the content security policy. */
  const complaints: string[] = []
  const requested: string[] = []
  const card = (name: string) => page.locator(`[data-name="${name}"]`)
  const button = (label: string, name: string) => page.getByRole('button', { name: `${label}: ${name}` })

  beforeAll(async () => {
    bed = await startTestBed()
    fruit = bed.target('Fruit [predictive exp.]')
    await put('contoso', {
      Description: '"><img src=x onerror="document.title=1"><script>document.title=1</script>',
    })
    url = `${bed.emulator.url}/portal/workspaces/${bed.emulator.describe().workspaces[0]?.id}/webservices/${fruit.serviceId}`
    browser = await openBrowser()
    page = await browser.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => requested.push(request.url()))
  })
  afterAll(async () => {
    await browser?.close()
    await bed?.remove()
  })
  afterEach(() => {
    expect(complaints.splice(0)).toEqual([])
    expect(requested.splice(0).filter((asked) => new URL(asked).port !== new URL(url).port)).toEqual([])
  })

  const put = (name: string, body: object) =>
    call('PUT', fruit.management.replace(/default$/, name), bed.token, body)
  const keyOf = async (name: string): Promise<string> =>
    (await call('GET', fruit.management.replace(/default$/, name), bed.token)).json.PrimaryKey

  test('leads from the list to the web service and to the API help of an endpoint', async () => {
    await page.goto(bed.emulator.url)
    await page.getByRole('link', { name: 'Fruit [predictive exp.]' }).click()
    await page.getByRole('heading', { name: 'Endpoints 2' }).waitFor()
    await card('contoso').getByRole('link', { name: 'Update resource' }).click()
    await page.getByRole('heading', { name: 'Updatable Resources' }).waitFor()
    expect(await page.content()).toContain('Fruit [trained model]')
  })

  test('shows hostile text as text', async () => {
    await page.goto(url)
    expect(await card('contoso').innerText()).toContain('<script>document.title=1</script>')
    expect(await page.evaluate('document.title')).toBe('Fruit [predictive exp.]')
  })

  test('has the keys in the page only while they are shown', async () => {
    await page.goto(url)
    const key = await keyOf('contoso')
    expect(await page.content()).not.toContain(key)
    await button('Show keys', 'contoso').click()
    await button('Hide keys', 'contoso').waitFor()
    expect(await card('contoso').innerText()).toContain(key)
    await button('Hide keys', 'contoso').click()
    await button('Show keys', 'contoso').waitFor()
    expect(await page.content()).not.toContain(key)
  })

  test('asks for the token of the workspace where it is not on the machine of the emulator', async () => {
    await page.goto(url.replace('127.0.0.1', otherName))
    await button('Show keys', 'contoso').click()
    const dialog = page.getByRole('dialog', { name: 'Workspace token' })
    await dialog.getByLabel('Token').fill(bed.token)
    await page.keyboard.press('Enter')
    await button('Hide keys', 'contoso').waitFor()
    expect(await card('contoso').innerText()).toContain(await keyOf('contoso'))
    // The refusal to hand out the token is on Chromium's console.
    expect(complaints.splice(0)).toHaveLength(1)
  })

  test('tests an endpoint with one row by the keyboard alone, prefilled from sample data', async () => {
    await page.goto(url)
    await button('Test', 'contoso').focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Test contoso' })
    await dialog.waitFor()
    expect(['green', 'red', 'blue']).toContain(await dialog.getByLabel('colour').inputValue())
    await dialog.getByLabel('size').fill('19')
    await page.keyboard.press('Enter')
    await dialog.getByRole('table', { name: 'Answer at output1' }).waitFor()
    const answer = await dialog.locator('.answer').innerText()
    expect(answer).toMatch(/Scored Labels\s+yes/)
    expect(answer).toMatch(/size\s+19/)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  })

  test('says in the dialog what is wrong with a row', async () => {
    await page.goto(url)
    await button('Test', 'contoso').click()
    const dialog = page.getByRole('dialog', { name: 'Test contoso' })
    await dialog.getByLabel('size').fill('large')
    await dialog.getByRole('button', { name: 'Test', exact: true }).click()
    await dialog.locator('.problem:not(:empty)').waitFor()
    expect(await dialog.locator('.problem').textContent()).toContain('Parsing of input vector failed')
    // Chromium reports every answer of 400 on its console.
    expect(complaints.splice(0)).toHaveLength(1)
  })

  test('adds an endpoint with its settings, refreshes and deletes it', async () => {
    await page.goto(url)
    await page.getByLabel('Name').fill('fabrikam')
    await page.getByLabel('Description').fill('for Fabrikam')
    await page.locator('#logging').focus()
    await page.keyboard.type('All')
    await page.getByRole('button', { name: 'Add endpoint', exact: true }).click()
    await page.getByRole('heading', { name: 'fabrikam' }).waitFor()
    // The answer 404 to "is there one of that name" is on Chromium's console.
    expect(complaints.splice(0)).toHaveLength(1)
    const added = await call('GET', fruit.management.replace(/default$/, 'fabrikam'), bed.token)
    expect(added.json).toMatchObject({
      Description: 'for Fabrikam',
      DiagnosticsTraceLevel: 'All',
      SampleDataEnabled: true,
    })

    await button('Refresh', 'fabrikam').click()
    await page.getByRole('button', { name: 'Refresh endpoint' }).click()
    await page.getByRole('status', { name: '' }).locator('text=was up to date').waitFor()

    await button('Delete', 'fabrikam').click()
    await page.getByRole('button', { name: 'Delete endpoint' }).click()
    await card('fabrikam').waitFor({ state: 'detached' })
    const gone = await call('GET', fruit.management.replace(/default$/, 'fabrikam'), bed.token)
    expect(gone.status).toBe(404)
  })

  test('does not put an endpoint in the place of another of that name', async () => {
    await page.goto(url)
    await page.getByLabel('Name').fill('contoso')
    await page.getByRole('button', { name: 'Add endpoint', exact: true }).click()
    await page.locator('#message.failed').waitFor()
    expect(await page.locator('#message').textContent()).toContain('there is one of that name')
  })

  test.each([1280, 320])('fits a window %i pixels wide', async (width) => {
    await page.setViewportSize({ width, height: 700 })
    const { json } = await call('GET', fruit.management, bed.token)
    const pages = [
      bed.emulator.url,
      url,
      ...['', '/score', '/jobs', '/update'].map((name) => json.HelpLocation + name),
    ]
    for (const path of pages) {
      await page.goto(path)
      expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, width])
    }
  })
})
