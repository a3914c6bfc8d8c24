/** Begins the message of every failure without a code of its own. */
const sayingNothing = /^Error 1000: (?:AFx Library library exception: )?/

/** What stands behind the message where Details are no JSON. */
const trailer = /\s*Process exited with error code\b[\s\S]*$/

/**
 * What a failed job's Details say to a person, in one line: of a module's failure the exception's `Message` or the text
 * from `Error NNNN:` on, else the text itself. Pure. Source: classic-protocol.md, 3.3.
 */
export function failureMessage(details: string): string {
  const found = exceptionMessage(details) ?? /\bError \d{4}: [\s\S]+/.exec(details)?.[0].replace(trailer, '')
  const message = oneLine(found ?? '').replace(sayingNothing, '')
  return message === '' ? oneLine(details) : message
}

/** The first `Message` of the JSON inside the text: the outermost exception. */
function exceptionMessage(details: string): string | undefined {
  const json = /"Message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(details)?.[1]
  if (json === undefined) return undefined
  try {
    return String(JSON.parse(json))
  } catch {
    // An escape that JSON does not know: the text reads all the same.
    return json.slice(1, -1)
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
