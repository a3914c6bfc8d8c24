import { endWith, readArguments, wrongArguments } from '../../scripts/commandLine.ts'
import { readExport } from './readExport.ts'
import { replay } from './replay.ts'
import { trainAgain } from './trainAgain.ts'

const usage = `Plays a run again that was exported: the app's own use cases over what the services answered then.

  npm run replay -- run41.json               exit code 0 when every decision is the same, 1 at the first that differs
      --experiment KEY   which experiment of the emulator trained it, for an export with its training rows
      --json             what came of it, as one line of JSON`

const options = {
  experiment: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

async function main(): Promise<number> {
  const { values, positionals } = readArguments('replay', { options, allowPositionals: true })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0)
    throw wrongArguments('replay', 'it takes one file, an exported run')
  const exported = await readExport(file)
  const played = await replay(exported)
  const trained = exported.input === undefined ? undefined : await trainAgain(exported, values.experiment)
  const isSame = played.difference === undefined && trained?.kind !== 'other'
  if (values.json) console.log(JSON.stringify({ isSame, ...played, trained }))
  else tell(played, trained)
  return isSame ? 0 : 1
}

function tell(
  played: Awaited<ReturnType<typeof replay>>,
  trained: Awaited<ReturnType<typeof trainAgain>> | undefined,
): void {
  for (const text of played.agreed) console.log(`same      ${text}`)
  if (played.note !== undefined) console.log(`note      ${played.note}`)
  if (played.difference !== undefined) {
    const { what, expected, got } = played.difference
    console.log(`DIFFERENT ${what}\n  expected  ${expected}\n  got       ${got}`)
  }
  if (trained?.kind === 'same')
    console.log(`same      model ${trained.sha256}, trained again by ${trained.experiment}`)
  if (trained?.kind === 'none') console.log(`note      not trained again: ${trained.reason}`)
  if (trained?.kind !== 'other') return
  for (const { experiment, sha256 } of trained.tried)
    console.log(
      `DIFFERENT model, trained again by ${experiment}\n  expected  ${trained.expected}\n  got       ${sha256}`,
    )
}

await endWith(main)
