import type { Command } from 'commander'
import { path } from '../apiClient.ts'
import { type Cli, examples, type Run } from '../cli.ts'
import { modelPath } from '../modelPath.ts'

/** `retrain pause` and `retrain resume`, of a model or of all of a customer's. */
export function register(program: Command, run: Run): void {
  for (const verb of ['pause', 'resume'] as const) {
    const command = program
      .command(verb)
      .description(descriptions[verb])
      .argument('<customer>')
      .argument('[model]', 'all of the customer’s where absent')
      .action(
        run((cli, [customer, model]: [string, string?]) => {
          const to = model === undefined ? path('customers', customer) : modelPath(customer, model)
          return change(cli, verb, { to, name: model === undefined ? customer : `${customer}/${model}` })
        }),
      )
    examples(
      command,
      `${verb} contoso census --reason "a look at the data first"`,
      `${verb} contoso --reason "as agreed with Contoso"`,
    )
  }
}

const descriptions = {
  pause: 'let drops wait: no run starts, one under way goes on',
  resume: 'end a pause: what waits starts',
}

/** Pauses or resumes what is at this path of the API. */
export async function change(
  cli: Cli,
  verb: 'pause' | 'resume',
  { to, name }: { to: string; name: string },
): Promise<void> {
  const reason = await cli.askReason(`${verb} ${name}`)
  const answer = await cli.api.post<{ outcome: string }>(`${to}/${verb}`, { reason })
  if (cli.json) return cli.out.json(answer)
  const done = verb === 'pause' ? 'paused: drops wait' : 'resumed: what waits starts'
  const was = verb === 'pause' ? 'is paused already' : 'is not paused'
  cli.out.line(`${name} ${answer.outcome === 'unchanged' ? was : done}`)
}
