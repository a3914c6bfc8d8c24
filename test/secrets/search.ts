/** A place where text comes to rest or goes out: a table's row, a blob, a log. */
export type Sink = { where: string; text: string }

/** A secret that was found: which, in which form, where; never the secret itself. */
export type Finding = { secret: string; form: string; where: string }

type Form = { name: string; text: string }

/**
 * Every way a secret may stand in a text: raw, in JSON, percent-encoded (once, twice, in lower case), base64 and base64url at
 * any of the three offsets, and base64 of the encoded one.
 */
export function formsOf(secret: string): Form[] {
  const encoded = encodeURIComponent(secret)
  const lower = encoded.replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase())
  const forms = [
    { name: 'raw', text: secret },
    { name: 'JSON', text: JSON.stringify(secret).slice(1, -1) },
    { name: 'percent-encoded', text: encoded },
    { name: 'percent-encoded', text: lower },
    { name: 'percent-encoded twice', text: encodeURIComponent(encoded) },
    ...base64Cores(secret),
    ...base64Cores(encoded),
  ]
  const seen = new Set<string>()
  return forms.filter(({ text }) => !seen.has(text) && seen.add(text).size > 0)
}

/** What base64 makes of a text wherever it begins in a longer one: the letters that are its alone. */
function base64Cores(text: string): Form[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)])
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64')
    const core = offset === 0 ? whole : whole.slice(4)
    const url = core.replaceAll('+', '-').replaceAll('/', '_')
    return [
      { name: 'base64', text: core },
      { name: 'base64url', text: url },
      { name: 'base64, percent-encoded', text: encodeURIComponent(core) },
    ]
  })
}

/** A SAS or key by its place in a text, whoever made it: raw or percent-encoded; in base64 by what stands before it. */
const places: [name: string, pattern: RegExp][] = [
  ['sig=', /(?<![A-Za-z])sig(?:=|%3D|%253D)(?!\[cut\])[A-Za-z0-9%+/]{16,}/i],
  ['AccountKey=', /AccountKey(?:=|%3D)(?!\[cut\])[A-Za-z0-9%+/]{16,}/i],
  ['Bearer', /Bearer(?: |%20)(?!\[cut\])[A-Za-z0-9%+/._-]{16,}/],
  ...['&sr=b&sp=r&sig=', '&sr=b&sp=cw&sig=', 'AccountKey='].flatMap((text) =>
    base64Cores(text).map(({ text: core }): [string, RegExp] => [
      `base64 of ${text}`,
      new RegExp(core.replace(/[+/]/g, '\\$&')),
    ]),
  ),
]

/** Searches texts for secrets (by name) in every form, and for what looks like one by its place. */
export function searchSecrets(secrets: Readonly<Record<string, string>>, sinks: Iterable<Sink>): Finding[] {
  const wanted = Object.entries(secrets).map(([secret, value]) => ({ secret, forms: formsOf(value) }))
  const findings: Finding[] = []
  for (const { where, text } of sinks) {
    for (const { secret, forms } of wanted) {
      for (const form of forms)
        if (text.includes(form.text)) findings.push({ secret, form: form.name, where })
    }
    for (const [form, pattern] of places)
      if (pattern.test(text)) findings.push({ secret: 'unknown', form, where })
  }
  return findings
}
