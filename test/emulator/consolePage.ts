/** A command of a page's `console` block, and the answer that the page shows. */
export type Step = { command: string; answer: string }

const block = /```console\n([\s\S]*?)```/g

/** The commands of all console blocks in order: `$ ` begins one, `> ` goes on with it, other lines are its answer. */
export function readSteps(page: string): Step[] {
  return [...page.matchAll(block)].flatMap(([, text = '']) => stepsOf(text))
}

/** The page with these answers in place of its own, one for each step. */
export function withAnswers(page: string, answers: readonly string[]): string {
  let at = 0
  return page.replaceAll(block, (_block, text: string) => {
    const steps = stepsOf(text).map(({ command }) => {
      const answer = answers[at++] ?? ''
      return `$ ${command.replaceAll('\n', '\n> ')}\n${answer === '' ? '' : `${readable(answer)}\n`}`
    })
    return `\`\`\`console\n${steps.join('')}\`\`\``
  })
}

/** The answer without what differs from run to run: ids, keys, dates, hosts, tokens, digits past the sixth. */
export function normalise(answer: string): string {
  return readable(answer)
    .replaceAll(/\b[0-9a-f]{32}\b/g, '{id}')
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '{guid}')
    .replaceAll(/\b[0-9a-f]{64}\b/g, '{hash}')
    .replaceAll(/[A-Za-z0-9+/]{86}==/g, '{key}')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '{date}')
    .replaceAll(/127\.0\.0\.1:\d+/g, '{host}')
    .replaceAll(/\?sv=[^"]*/g, '{token}')
    .replaceAll(/(\d\.\d{6})\d+/g, '$1')
    .replaceAll(/emulator-\{guid\}|experimentoutput/g, '{container}')
}

function stepsOf(text: string): Step[] {
  const steps: Step[] = []
  for (const line of text.trimEnd().split('\n')) {
    const last = steps.at(-1)
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), answer: '' })
    else if (line.startsWith('> ') && last !== undefined) last.command += `\n${line.slice(2)}`
    else if (last !== undefined) last.answer += `${line}\n`
  }
  return steps.map(({ command, answer }) => ({ command, answer: answer.trimEnd() }))
}

/** Long JSON over several lines. */
function readable(answer: string): string {
  const text = answer.trim()
  if (!/^[[{]/.test(text)) return text
  try {
    const json: unknown = JSON.parse(text)
    const short = JSON.stringify(json)
    return short.length <= 110 ? short : JSON.stringify(json, null, 2)
  } catch {
    return text
  }
}
