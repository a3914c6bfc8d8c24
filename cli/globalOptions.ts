import type { Command } from 'commander'

/** The options that every command takes. */
export type GlobalOptions = {
  url?: string
  key?: string
  reason?: string
  by?: string
  json?: boolean
  yes?: boolean
}

/** Adds the options that every command takes. */
export function addGlobalOptions(program: Command): void {
  program
    .option('--url <url>', 'the app (else RETRAIN_URL, else the local stack that runs)')
    .option('--key <key>', 'its key (else RETRAIN_KEY; the local stack’s is found by itself)')
    .option('--reason <text>', 'why, for the audit (else the command line)')
    .option('--by <name>', 'who, for the audit (else your name on this machine)')
    .option('--json', 'answer with JSON: one value, or one a line for lists and streams')
    .option('--yes', 'do not ask')
}

const secretOptions = ['--key']

/** The command line as the audit shows it: without the app's address, and never a key. Pure. */
export function describeCommandLine(args: readonly string[]): string {
  const shown: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if ([...secretOptions, '--url', '--by', '--reason'].includes(arg)) i++
    else if (!/^--(key|url|by|reason)=|^--(json|yes)$/.test(arg)) shown.push(arg)
  }
  return `retrain ${shown.join(' ')}`.slice(0, 200)
}
