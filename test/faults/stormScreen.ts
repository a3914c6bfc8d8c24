import type { Audit } from './witness/audit.ts'

/** What the storm's screen shows. */
export type StormView = {
  seconds: number
  customers: readonly string[]
  dropped: number
  /** What the witnesses found last; absent before their first look. */
  audit?: Audit | undefined
  /** How often each key did something, by what it did. */
  done: Readonly<Record<string, number>>
  /** What was done last, newest last. */
  said: readonly string[]
  hosts: readonly boolean[]
}

/** How a customer stands, with its letter on the screen and the colour of that (SGR). */
const looks = {
  rest: ['.', 90],
  waiting: ['+', 33],
  queued: ['q', 33],
  training: ['T', 36],
  trained: ['t', 36],
  updating: ['u', 35],
  live: ['#', 32],
  failed: ['!', 31],
} as const
type Look = keyof typeof looks

const legend = 'no run yet . drops wait + queued q training T trained t updating u live # last run failed !'

/** The screen as lines of at most `columns` characters (colours not counted). Pure. */
export function renderStorm(view: StormView, columns: number, isColoured: boolean): string[] {
  const { audit, seconds } = view
  const colour = (text: string, code: number) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text)
  const clock = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, '0')}`
  const cells = view.customers
    .map((id) => looks[lookOf(id, audit)])
    .map(([letter, code]) => colour(letter, code))
  const width = Math.max(10, Math.min(columns - 2, 100))
  const hosts = view.hosts.map((isUp, at) => `host ${at + 1} ${isUp ? 'up' : colour('down', 31)}`).join(', ')
  return [
    `${view.customers.length} customers retrain on this machine: ${hosts}, ${clock}`,
    'k kill a host   n cut the network   t throttle   l let the service lie   q end',
    '',
    ...Array.from(
      { length: Math.ceil(cells.length / width) },
      (_none, row) => ` ${cells.slice(row * width, (row + 1) * width).join('')}`,
    ),
    '',
    legend,
    runsLine(audit),
    `done: ${
      Object.entries(view.done)
        .map(([what, count]) => `${count} ${what}`)
        .join(', ') || 'nothing yet'
    }`,
    ...view.said.slice(-3).map((line) => `  ${line.slice(0, columns - 3)}`),
    '',
    countsLine(view, colour),
  ]
}

/** The line that is always there: counted from storage and the emulator. Pure. */
export function countsLine(
  { dropped, audit }: StormView,
  colour = (text: string, _code: number) => text,
): string {
  const broken = (what: string, count: number) => colour(`${what} ${count}`, count === 0 ? 32 : 31)
  const parts = [
    `dropped ${dropped}`,
    `in a generation ${audit?.drops.inGeneration ?? 0}`,
    `waiting ${audit?.drops.waiting ?? 0}`,
    broken('lost', audit?.drops.lost.length ?? 0),
    broken('started twice', audit?.startedTwice.length ?? 0),
    broken('backwards', audit?.endpoints.backwards.length ?? 0),
  ]
  return parts.join('   ')
}

function runsLine(audit: Audit | undefined): string {
  if (audit === undefined) return 'runs: the witnesses have not looked yet'
  const ended = Object.entries(audit.ended).map(([state, count]) => `${count} ${state}`)
  return `runs: ${[`${audit.open.length} under way`, ...ended].join(', ')}`
}

function lookOf(customerId: string, audit: Audit | undefined): Look {
  const model = audit?.models.find((one) => one.customerId === customerId)
  if (model === undefined) return 'rest'
  const newest = model.generations.reduce<(typeof model.generations)[number] | undefined>(
    (best, one) => (best === undefined || one.generation > best.generation ? one : best),
    undefined,
  )
  switch (newest?.state) {
    case 'queued':
    case 'submitted':
      return 'queued'
    case 'training':
    case 'trained':
    case 'updating':
      return newest.state
    default:
      if (model.waiting > 0) return 'waiting'
      if (newest === undefined) return 'rest'
      return newest.state === 'failed' ? 'failed' : 'live'
  }
}
