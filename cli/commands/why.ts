import type { Command } from 'commander'
import type { z } from 'zod'
import type { whyView } from '../../shared/api/views/whyView.ts'
import { type Cli, examples, type Run } from '../cli.ts'
import { modelPath } from '../modelPath.ts'
import { statePart } from '../output/state.ts'
import { cut } from '../output/text.ts'

/** Where a model stands and why, in sentences. */
type Explanation = z.output<typeof whyView>

/** `retrain why`: what answers now and why, and what waits for what. */
export function register(program: Command, run: Run): void {
  const command = program
    .command('why')
    .description('what answers now, since when, from which drops; what waits, for what, its place in line')
    .argument('<customer>')
    .argument('<model>')
    .action(run((cli, [customer, model]: [string, string]) => why(cli, customer, model)))
  examples(command, 'why contoso census', 'why contoso census --json')
}

async function why(cli: Cli, customer: string, model: string): Promise<void> {
  const explanation = await cli.api.get<Explanation>(modelPath(customer, model, 'why'))
  if (cli.json) return cli.out.json(explanation)
  const { state, answers, waits } = explanation
  cli.out.line({ text: `${customer}/${model}`, colour: 'bold' }, ' is ', statePart(state))
  for (const sentence of answers.sentences) cli.out.line(`  ${short(sentence)}`)
  if (waits.length === 0) cli.out.line('  Nothing waits')
  for (const { sentence } of waits) cli.out.line(`  ${short(sentence)}`)
}

const mostLetters = 400

/** A service's own text in a sentence can be a page: its first line is for people, --json has all of it. */
function short(sentence: string): string {
  const [first = ''] = sentence.split(/\r?\n/, 1)
  return first === sentence ? cut(first, mostLetters) : cut(`${first} …`, mostLetters)
}
