/** The longest text that leaves {@link createRedact}, in characters. */
const longestText = 4_000

/** A secret shorter than this is not searched for: it would cut ordinary words. */
const shortestSecret = 8

const cut = '[cut]'

/**
 * What gives a secret away by its place, also percent-encoded: `=` and `:` may be `%3D` and `%3A`, quotes may be escaped.
 * Order matters: first whole queries, then single values.
 */
const places: [pattern: RegExp, replacement: string][] = [
  [/(\b[a-z][a-z0-9+.-]*:(?:\\?\/){2}[^\s"'<>?]*)\?[^\s"'<>]*/gi, `$1?${cut}`],
  [/(%3A%2F%2F(?:(?!%3F)[^\s"'<>])*)%3F[^\s"'<>]*/gi, `$1%3F${cut}`],
  [/(\?sv(?:=|%3D))[^\s"'<>]*/gi, `$1${cut}`],
  [
    /((?<![A-Za-z])(?:sig|AccountKey|SharedAccessSignature|subscription-key)["'\s]{0,3}(?:=|%3D|:)["'\s]{0,3})[^\s"'<>&;,]+/gi,
    `$1${cut}`,
  ],
  [/((?:[?&]|%3F|%26)code(?:=|%3D))[^\s"'<>&;,]+/gi, `$1${cut}`],
  [/(\b(?:Bearer|SharedKey(?:Lite)?)(?:\s|%20|\+)+)[^\s"'<>,;]+/gi, `$1${cut}`],
  [/(whsec_)[A-Za-z0-9+/=_-]+/g, `$1${cut}`],
]

/**
 * The one function that text from outside passes before it is recorded or logged: cuts the query of every URL, every
 * `sig=`, `AccountKey=` and `Bearer` value, and the secrets in use in plain, percent-encoded and base64 form; then cuts
 * the text to 4,000 characters. Its time goes with the text's length, not with the number of secrets: a worker that looks
 * after thousands of endpoints has resolved the keys of all.
 *
 * @param liveSecrets What is in use now; asked at every call. One that was in use before is cut as well.
 */
export function createRedact(liveSecrets: () => Iterable<string> = () => []): (text: string) => string {
  const known = new Set<string>()
  const forms = createForms()
  return (text) => {
    for (const secret of liveSecrets()) {
      if (known.has(secret)) continue
      known.add(secret)
      for (const form of formsOf(secret)) forms.add(form)
    }
    let redacted = forms.cutFrom(text)
    for (const [pattern, replacement] of places) redacted = redacted.replace(pattern, replacement)
    return redacted.length > longestText ? `${redacted.slice(0, longestText - 1)}…` : redacted
  }
}

/** Many texts to cut, found by their first letters and their lengths. */
function createForms() {
  const all = new Set<string>()
  const lengthsByStart = new Map<string, number[]>()
  return {
    add(form: string) {
      all.add(form)
      const start = form.slice(0, shortestSecret)
      const lengths = lengthsByStart.get(start) ?? []
      if (lengths.includes(form.length)) return
      lengthsByStart.set(
        start,
        [...lengths, form.length].sort((one, other) => other - one),
      )
    },
    /** The text without them; of several that begin at one place the longest is cut. */
    cutFrom(text: string): string {
      let redacted = ''
      let from = 0
      for (let at = 0; all.size > 0 && at + shortestSecret <= text.length; at++) {
        const lengths = lengthsByStart.get(text.slice(at, at + shortestSecret))
        const length = lengths?.find((one) => all.has(text.slice(at, at + one)))
        if (length === undefined) continue
        redacted += text.slice(from, at) + cut
        from = at + length
        at = from - 1
      }
      return redacted + text.slice(from)
    },
  }
}

/** A secret as it may appear in text: plain, percent-encoded (once and twice), JSON-escaped, and inside base64 at any offset. */
function formsOf(secret: string): string[] {
  if (secret.length < shortestSecret) return []
  const encoded = encodeURIComponent(secret)
  const lowerEncoded = encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
  const forms = [
    secret,
    encoded,
    lowerEncoded,
    encodeURIComponent(encoded),
    JSON.stringify(secret).slice(1, -1),
  ]
  return [...new Set([...forms, ...base64Forms(secret), ...base64Forms(encoded)])]
}

/** Base64 of a longer text shows three different letters for the same bytes, by their offset: the part that is the secret's alone. */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret, 'utf8')])
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3))
    const inner = whole.toString('base64').slice(offset === 0 ? 0 : 4)
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(inner)]
  })
}
