import { parseArgs } from 'node:util'
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

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [file] = positionals
  if (values.help || file === undefined) {
    console.log(usage)
    process.exitCode = values.help ? 0 : 2
    return
  }
  const exported = await readExport(file)
  const played = await replay(exported)
  const trained = exported.input === undefined ? undefined : await trainAgain(exported, values.experiment)
  const isSame = played.difference === undefined && trained?.kind !== 'other'
  process.exitCode = isSame ? 0 : 1
  if (values.json) return console.log(JSON.stringify({ isSame, ...played, trained }))
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

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})
