import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

export type { Browser, Page as BrowserPage } from 'playwright-core'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Why there is no browser here, or undefined. On CI it has to be there: then this throws. */
export function missingBrowser(): string | undefined {
  if (existsSync(executablePath)) return undefined
  const reason = `no browser at ${executablePath}; name one by CHROMIUM`
  if (process.env.CI) throw new Error(`Cannot test pages: ${reason}`)
  return reason
}

/** A name that the browser takes for this machine: the emulator as one on another machine is seen. */
export const otherName = 'studio.test'

/** Starts Chromium without a window. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', `--host-resolver-rules=MAP ${otherName} 127.0.0.1`],
  })
}
