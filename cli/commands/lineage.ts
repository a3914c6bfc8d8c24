import type { Command } from 'commander'
import { type Cli, examples, type Run } from '../cli.ts'
import { type ExitCode, exitCodes } from '../errors.ts'
import { wholeNumber } from '../numbers.ts'

type VerifyOptions = { model?: string; data?: string[] }

/** `retrain verify` and `retrain runs export`: where a model came from, and what a run was decided on. */
export function register(program: Command, run: Run): void {
  const verify = program
    .command('verify')
    .description(
      'check passports offline: their hashes, the chain, the model and the data; 1 if anything is off',
    )
    .argument('<passports...>', 'files of `runs show --passport --out`, also of a chain')
    .option('--model <file>', 'the model file that the newest of them tells of')
    .option('--data <files...>', 'drops as they were sent')
    .action(run((cli, [files]: [string[]], options: VerifyOptions) => verifyFiles(cli, files, options)))
  examples(verify, 'verify passport.json', 'verify chain.json --model model.ilearner --data march.csv')
  const runs = program.commands.find((command) => command.name() === 'runs') ?? program.command('runs')
  const exported = runs
    .command('export')
    .description('one file of what a run was decided on, without secrets: npm run replay plays it again')
    .argument('<customer>')
    .argument('<model>')
    .argument('<generation>', 'its number', wholeNumber(1))
    .requiredOption('--out <file>', 'compressed where it ends in .gz')
    .option('--with-data', 'also the training rows')
    .action(
      run(async (cli, given: [string, string, number], options: { out: string; withData?: boolean }) => {
        const { exportRun } = await import('../lineage/export.ts')
        await exportRun(cli, given, options)
      }),
    )
  examples(
    exported,
    'runs export contoso census 41 --out run41.json',
    'runs export contoso census 41 --with-data --out run41.json.gz',
  )
}

async function verifyFiles(
  cli: Cli,
  files: readonly string[],
  { model, data = [] }: VerifyOptions,
): Promise<ExitCode> {
  const { checksumsOf, readPassports, sha256 } = await import('../lineage/readPassports.ts')
  const { verifyPassports } = await import('../lineage/verifyPassports.ts')
  const passports = (await Promise.all(files.map(readPassports))).flat()
  const modelSha256 = model === undefined ? undefined : (await checksumsOf(model)).sha256
  const given = await Promise.all(data.map(async (file) => ({ file, ...(await checksumsOf(file)) })))
  const verdicts = verifyPassports(passports, { modelSha256, data: given }, { sha256 })
  const isWrong = verdicts.some(({ kind }) => kind === 'wrong')
  if (cli.json) cli.out.json({ isGood: !isWrong, verdicts })
  else {
    const colours = { good: 'good', wrong: 'bad', note: 'faint' } as const
    for (const { kind, text } of verdicts) {
      cli.out.line({ text: kind.padEnd(6), colour: colours[kind] }, text)
    }
  }
  return isWrong ? exitCodes.failed : exitCodes.ok
}
