import type { QueueSettings } from '../settings/hostSettings.ts'

type Encoding = QueueSettings['messageEncoding']

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** A message's text as the function gets it, or `undefined` when it isn't what `encoding` says. Pure. */
export function decodeText(text: string, encoding: Encoding): string | undefined {
  if (encoding === 'none') return text
  const compact = text.replace(/\s/g, '')
  if (!base64.test(compact)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(compact, 'base64'))
  } catch {
    return undefined
  }
}

/** The text as it goes into the queue. Pure. */
export function encodeText(text: string, encoding: Encoding): string {
  return encoding === 'none' ? text : Buffer.from(text, 'utf8').toString('base64')
}
