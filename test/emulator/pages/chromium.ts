import { existsSync } from 'node:fs'

/** What the page test uses of Playwright's page. */
export type BrowserPage = {
  goto(url: string): Promise<unknown>
  content(): Promise<string>
  evaluate<T>(script: string): Promise<T>
  setViewportSize(size: { width: number; height: number }): Promise<void>
  keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> }
  locator(selector: string): Located
  getByRole(role: string, options: { name: string | RegExp; exact?: boolean }): Located
  getByLabel(text: string, options?: { exact?: boolean }): Located
  on(event: 'console' | 'pageerror' | 'request', hear: (what: never) => void): void
}

/** What it uses of a locator. */
export type Located = {
  click(): Promise<void>
  focus(): Promise<void>
  fill(text: string): Promise<void>
  check(): Promise<void>
  waitFor(options?: { state: 'visible' | 'hidden' | 'detached' }): Promise<void>
  inputValue(): Promise<string>
  textContent(): Promise<string | null>
  innerText(): Promise<string>
  count(): Promise<number>
  locator(selector: string): Located
  getByRole: BrowserPage['getByRole']
  getByLabel: BrowserPage['getByLabel']
}

/** A browser that a test started. */
export type Browser = { newPage(): Promise<BrowserPage>; close(): Promise<void> }

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
/** The package, or the file of one that is installed elsewhere. */
const driver = process.env.PLAYWRIGHT_CORE ?? 'playwright-core'

/** Why there is no browser here, or undefined. On CI it has to be there: then this throws. */
export async function missingBrowser(): Promise<string | undefined> {
  const reason = existsSync(executablePath)
    ? await import(driver).then(
        () => undefined,
        () => `no package ${driver}`,
      )
    : `no browser at ${executablePath}`
  if (reason !== undefined && process.env.CI) throw new Error(`Cannot test pages: ${reason}`)
  return reason
}

/** A name that the browser takes for this machine: the emulator as one on another machine is seen. */
export const otherName = 'studio.test'

/** Starts Chromium without a window. */
export async function openBrowser(): Promise<Browser> {
  const { chromium } = await import(driver)
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', `--host-resolver-rules=MAP ${otherName} 127.0.0.1`],
  })
}
