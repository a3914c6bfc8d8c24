import type { Command } from 'commander'
import { examples, type Run } from '../cli.ts'

/** `retrain watch`: what happens, as it happens. */
export function register(program: Command, run: Run): void {
  const command = program
    .command('watch')
    .description(
      'what happens, as it happens, until Ctrl-C: a screen on a terminal, else a line for each change',
    )
    .argument('[customer]', 'the models of one customer')
    .action(
      run(async (cli, [customer]: [string?]) => {
        const { watch } = await import('../watch/watch.ts')
        await watch(cli, customer)
      }),
    )
  examples(command, 'watch', 'watch southwest', 'watch --json >> changes.jsonl')
}
