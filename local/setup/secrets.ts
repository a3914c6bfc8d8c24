import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Keys by name, as `file:NAME` references them; written for its owner only. Those of other hands stay. */
export function writeSecrets(path: string, secrets: Readonly<Record<string, string>>): void {
  const before: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  const all = { ...(before as Record<string, string>), ...secrets }
  writeFileSync(`${path}.new`, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 })
  chmodSync(`${path}.new`, 0o600)
  renameSync(`${path}.new`, path)
}
