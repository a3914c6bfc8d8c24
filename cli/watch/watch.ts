import type { Cli } from '../cli.ts'
import { isPassing } from '../follow.ts'
import { createScreen } from '../output/screen.ts'
import { type Change, noteChanges, type Seen, type Watched } from './changes.ts'
import { createReader } from './readModels.ts'
import { changeLine, screenLines } from './view.ts'

/** What is told as it happens; `show` draws the state of things, `close` ends it. */
type Teller = {
  tell(changes: readonly Change[]): void
  show(models: readonly Watched[]): void
  note(text: string): void
  close(): void
}

const quickLookMs = 2_000
const longestPauseMs = 30_000
/** Looking takes at most a fifth of the time, however many models there are. */
const restPerLook = 4
const mostKept = 200

/**
 * Looks at the models of `customer`, or at all, until Ctrl-C, and tells what changed. The first look has to succeed; an app
 * that does not answer later is waited for, and what happened meanwhile is told then.
 */
export async function watch(cli: Cli, customer: string | undefined): Promise<void> {
  const teller = createTeller(cli)
  const seen: Seen = new Map()
  const read = createReader(cli, customer)
  let isFirst = true
  try {
    let models = await read()
    while (!cli.signal.aborted) {
      const startedMs = cli.now()
      const at = new Date(startedMs).toISOString()
      teller.tell(noteChanges(seen, models.looked, { isFirst, at }))
      teller.show(models.all)
      isFirst = false
      await rest(cli, quickLookMs)
      models = await readPatiently(cli, teller, read)
      await rest(cli, Math.min(longestPauseMs, restPerLook * (cli.now() - startedMs - quickLookMs)))
    }
  } catch (error) {
    if (!cli.signal.aborted) throw error
  } finally {
    teller.close()
  }
}

async function rest(cli: Cli, ms: number): Promise<void> {
  if (ms > 0) await cli.pause(ms)
}

/** Asks again until the app answers: it may be restarting. A key that is refused will not get better. */
async function readPatiently<Models>(cli: Cli, teller: Teller, read: () => Promise<Models>): Promise<Models> {
  for (let attempt = 1; ; attempt++) {
    try {
      const models = await read()
      if (attempt > 1) teller.note('the app answers again')
      return models
    } catch (error) {
      if (cli.signal.aborted || !isPassing(error)) throw error
      if (attempt === 1) teller.note(`${error.message}; waiting for it`)
      await cli.pause(Math.min(longestPauseMs, quickLookMs * attempt))
    }
  }
}

function createTeller(cli: Cli): Teller {
  const { out, terminal } = cli
  if (terminal === undefined) {
    return {
      tell: (changes) => {
        for (const change of changes) cli.json ? out.json(change) : out.line(...changeLine(change))
      },
      show: () => {},
      note: (text) => out.note(text),
      close: () => {},
    }
  }
  const screen = createScreen(terminal, terminal.isColoured)
  const kept: Change[] = []
  let last: readonly Watched[] = []
  let said = ''
  const draw = () => {
    const lines = screenLines(last, kept, { height: (terminal.rows ?? 24) - 2, nowMs: cli.now() })
    screen.draw(said === '' ? lines : [...lines, [{ text: said, colour: 'warn' }]])
  }
  return {
    tell: (changes) => void kept.splice(0, Math.max(0, kept.push(...changes) - mostKept)),
    show(models) {
      last = models
      said = ''
      draw()
    },
    note(text) {
      said = text
      draw()
    },
    close: () => screen.close(),
  }
}
