import { readFileSync } from 'node:fs'

/** A file that the pages ask for. */
export type Asset = { body: string; contentType: string }

const scripts = ['copy.js', 'dialogs.js', 'keys.js', 'portal.js', 'service.js', 'test-form.js']
const styles = ['base.css', 'content.css', 'controls.css']

/** The pages' own files by name, read once: scripts, one style sheet, the icon. */
export function loadAssets(): ReadonlyMap<string, Asset> {
  const script = (name: string) => ({ body: read(name), contentType: 'text/javascript; charset=utf-8' })
  return new Map<string, Asset>([
    ...scripts.map((name) => [name, script(name)] as const),
    ['portal.css', { body: styles.map(read).join('\n'), contentType: 'text/css; charset=utf-8' }],
    ['icon.svg', { body: read('icon.svg'), contentType: 'image/svg+xml' }],
  ])
}

function read(name: string): string {
  return readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8')
}
