/** The text of a message as the Functions host expects it: base64 of UTF-8 JSON. */
export function encodeMessage(body: object): string {
  return Buffer.from(JSON.stringify(body), 'utf8').toString('base64')
}

/**
 * Decodes base64 JSON, and plain JSON as some senders write it. `body` is undefined when it is no JSON object; `text` is
 * what the message says, decoded where that was possible.
 */
export function decodeMessage(messageText: string): { body: unknown; text: string } {
  const decoded = decodeBase64(messageText)
  const text = decoded ?? messageText
  return { body: parseObject(text), text }
}

function decodeBase64(text: string): string | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64'))
  } catch {
    return undefined
  }
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
