import type { Passport } from '../../shared/retraining/passport.ts'
import type { Cli } from '../cli.ts'
import { modelPath } from '../modelPath.ts'
import { writeOut } from '../writeOut.ts'

/** How a passport is asked for. */
export type PassportOptions = { out?: string; chain?: boolean }

type Given = [customer: string, model: string, generation: number]

/** `retrain runs show --passport`: the passport as JSON, to a file or to stdout; with `chain` also those before it. */
export async function showPassport(
  cli: Cli,
  [customer, model, generation]: Given,
  { out, chain = false }: PassportOptions,
): Promise<void> {
  const path = modelPath(customer, model, 'runs', generation, 'passport')
  const { passports, more } = await cli.api.get<{ passports: Passport[]; more: boolean }>(path, {
    query: { chain },
  })
  const [newest] = passports
  const document = chain ? { passports } : newest
  if (out === undefined) return cli.out.json(document)
  await writeOut(out, `${JSON.stringify(document, null, 2)}\n`)
  cli.out.line(`${out} written: retrain verify ${out} checks it`)
  if (chain && more) cli.out.note(`the chain goes on before passport ${passports.at(-1)?.sequence}`)
}
