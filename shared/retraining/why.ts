import type { Manifest } from './generation.ts'
import type { Pin } from './head.ts'
import type { Run } from './run.ts'
import type { ModelSettings } from './settings.ts'
import { waitsOfDrops } from './whyDrops.ts'
import { counted, instantText, type Wait, type WhyFacts } from './whyFacts.ts'
import { waitOfRun } from './whyRun.ts'

/** What answers now. Without a generation of ours the endpoint has the model that it was made with. */
export type Answers = {
  sentences: string[]
  generation?: number | undefined
  sinceAtMs?: number | undefined
  evidence?: string | undefined
  warrant?: Run['warrant']
  verdict?: string | undefined
  override?: Run['override']
  pinned?: Pin | undefined
  drops?: Pick<Manifest['drops'][number], 'name' | 'sizeBytes' | 'acceptedAtMs' | 'use' | 'reason'>[]
  /** How many drops of earlier generations were used again. */
  earlierDrops?: number | undefined
}

/** Says why a model stands where it stands. Pure. */
export function explain(facts: WhyFacts): { answers: Answers; waits: Wait[] } {
  const { head, inFlight, undecided } = facts
  const waits = [
    ...waitsOfDrops(facts),
    ...(inFlight === undefined ? [] : waitOfRun(inFlight, facts)),
    ...undecided.map((run) => undecidedWait(run, facts.settings)),
    ...(head.pin === undefined ? [] : [pinned(head.pin)]),
  ]
  const answers = answersOf(facts)
  return { answers: { ...answers, sentences: [...answers.sentences, ...endSentences(facts)] }, waits }
}

/** Why the newest run's model does not answer, where it ended by itself. */
function endSentences({ newest, hold }: WhyFacts): string[] {
  // A quarantine says it itself.
  if (newest === undefined || hold?.kind === 'quarantined') return []
  const { generation, state, reason } = newest
  if (state !== 'failed' && state !== 'rejected' && state !== 'cancelled') return []
  const was = state === 'failed' ? 'failed' : `was ${state}`
  return [`Generation ${generation}, the newest, ${was}${reason === undefined ? '' : `: ${reason}`}`]
}

function answersOf({ head, live, manifest }: WhyFacts): Answers {
  if (head.live === undefined || live === undefined) {
    return {
      sentences: [
        head.live === undefined
          ? 'No generation of ours was live yet: the endpoint answers with the model that it was made with'
          : `Generation ${head.live} answers; its record is gone`,
      ],
      generation: head.live,
    }
  }
  const { generation, liveAtMs, evidence, warrant, verdict, override } = live
  const drops = manifest?.drops.map(({ name, sizeBytes, acceptedAtMs, use, reason }) => {
    return { name, sizeBytes, acceptedAtMs, use, reason }
  })
  return {
    sentences: [liveSentence(live), trainedSentence(live, manifest), warrantSentence(live)],
    generation,
    sinceAtMs: liveAtMs,
    evidence,
    warrant,
    verdict,
    override,
    pinned: head.pin,
    earlierDrops: manifest?.earlier.length,
    ...(drops !== undefined && { drops }),
  }
}

function liveSentence({ generation, liveAtMs, evidence }: Run): string {
  const since = liveAtMs === undefined ? '' : ` since ${instantText(liveAtMs)}`
  return `Generation ${generation} answers${since}${evidence === undefined ? '' : `, seen by ${evidence}`}`
}

const mostNamed = 5

function trainedSentence({ generation }: Run, manifest: Manifest | undefined): string {
  if (manifest === undefined) return `What generation ${generation} trained on is no longer kept`
  const own = manifest.drops.filter(({ use }) => use === 'trained').map(({ name }) => name)
  const named = own.slice(0, mostNamed).join(', ')
  const more = own.length > mostNamed ? ` and ${own.length - mostNamed} more` : ''
  const earlier = manifest.earlier.length
  const again = earlier === 0 ? '' : `${own.length === 0 ? '' : ', with '}${counted(earlier, 'earlier drop')}`
  return `It was trained on ${named}${more}${again}`
}

const warrants = {
  firstModel: 'It was installed as the first model',
  gatePassed: 'It was installed because it passed the gate',
  override: 'It was installed because a person overrode the gate',
  rollback: 'It was put back by a rollback',
}

function warrantSentence({ warrant, verdict, override }: Run): string {
  const said = warrant === undefined ? 'No warrant is recorded' : warrants[warrant]
  const person = override === undefined ? '' : `, ${override.kind} by ${override.by}: ${override.reason}`
  return `${said}${person}${verdict === undefined ? '' : ` (${verdict})`}`
}

const usualApprovalDays = 14
const dayMs = 24 * 3_600_000

function undecidedWait(run: Run, { approvalDays = usualApprovalDays }: ModelSettings): Wait {
  const { generation, verdict, trainedAtMs = run.openedAtMs, override } = run
  if (override !== undefined || run.warrant !== undefined) {
    const by = override === undefined ? '' : ` by ${override.by}`
    const sentence = `Generation ${generation} was approved${by} and is about to update the endpoint`
    return { kind: 'update', generation, sentence, by: override?.by, reason: override?.reason }
  }
  const untilAtMs = trainedAtMs + approvalDays * dayMs
  const why = verdict === undefined ? '' : `: ${verdict}`
  const sentence = `Generation ${generation} waits for an approval, until ${instantText(untilAtMs)}${why}`
  return { kind: 'approval', generation, sentence, sinceAtMs: trainedAtMs, untilAtMs, reason: verdict }
}

function pinned({ generation, by, reason, atMs }: Pin): Wait {
  const sentence = `Generation ${generation} is pinned by ${by} since ${instantText(atMs)} (${reason}): newer generations train and end superseded until it is unpinned`
  return { kind: 'pinned', generation, sentence, sinceAtMs: atMs, by, reason }
}
