import { RetryableError, TerminalError } from '../../shared/retraining/errors.ts'
import type { Run } from '../../shared/retraining/run.ts'
import { CredentialRefused, type EndpointPort, type TrainingPort } from '../../shared/retraining/services.ts'
import type { Thrown, WireAnswer, WireCall } from '../../shared/retraining/wireAnswers.ts'

/** What a call that was not recorded throws: the replayed run asks what the real one did not. */
export class NotRecorded extends Error {
  override readonly name = 'NotRecorded'
}

/** The answers of a run, handed out as they came. */
export type Tape = {
  /** The next answer of this call. */
  next<Answer>(call: WireCall): Answer
  /** The last answer of this call by now, else the first. */
  byNow<Answer>(call: WireCall): Answer | undefined
  /** Whether something was answered by now that nobody has asked for. */
  isAhead(): boolean
}

/** Statuses and settings were kept once however often they were asked for: they go by the time. All else goes in order. */
const byTime: ReadonlySet<WireCall> = new Set(['settings', 'service', 'getJob'])

/**
 * The answers that a replay asks for again: without what the customer's endpoint answered while the rows held out were scored
 * (between the job's end and the figures), since the figures themselves are in the export. Pure.
 */
function answersToReplay({ answers = [], holdout }: Run): WireAnswer[] {
  if (holdout === undefined) return [...answers]
  const { measuredAtMs } = holdout
  const jobEnds = answers.filter(({ call, atMs }) => call === 'getJob' && atMs <= measuredAtMs)
  const fromMs = jobEnds.at(-1)?.atMs ?? measuredAtMs
  const isOfProbe = ({ answer, atMs }: WireAnswer) => atMs === measuredAtMs && !answer.startsWith('{"rows"')
  return answers.filter((one) => {
    if (one.atMs <= fromMs || one.atMs > measuredAtMs) return true
    return one.call === 'score' ? isOfProbe(one) : one.call !== 'describeEndpoint'
  })
}

/** The tape of a run's answers on this clock. */
export function createTape(run: Run, clock: { now(): number }): Tape {
  const answers = answersToReplay(run)
  const taken = new Map<WireCall, number>()
  const of = (call: WireCall) => answers.filter((one) => one.call === call)
  return {
    next(call) {
      const index = taken.get(call) ?? 0
      const answer = of(call)[index]
      if (answer === undefined) throw new NotRecorded(`${call}, call ${index + 1}, was not made by the run`)
      taken.set(call, index + 1)
      return opened(answer)
    },
    byNow(call) {
      const all = of(call)
      const answer = all.findLast(({ atMs }) => atMs <= clock.now()) ?? all[0]
      return answer && opened(answer)
    },
    isAhead() {
      const calls = new Set(answers.map(({ call }) => call))
      return [...calls].some((call) => {
        const next = of(call)[taken.get(call) ?? 0]
        return !byTime.has(call) && next !== undefined && next.atMs <= clock.now()
      })
    },
  }
}

function opened<Answer>({ answer }: WireAnswer): Answer {
  const value = JSON.parse(answer) as Answer | Thrown
  if (typeof value !== 'object' || value === null || !('thrown' in value)) return value as Answer
  const { kind, message } = value.thrown
  if (kind === 'terminal') throw new TerminalError(message)
  if (kind === 'retryable') throw new RetryableError(message)
  throw kind === 'credential' ? new CredentialRefused(message) : new Error(message)
}

/** The services as the run met them; `patched` hears where each PATCH points. */
export function recordedServices(
  tape: Tape,
  patched: (got: string, expected: string) => void,
): TrainingPort & EndpointPort {
  return {
    submitJob: async () => tape.next('submitJob'),
    startJob: async () => tape.next('startJob'),
    getJob: async () => {
      const job = tape.byNow<Awaited<ReturnType<TrainingPort['getJob']>>>('getJob')
      if (job === undefined) throw new NotRecorded('getJob was not made by the run')
      return job
    },
    deleteJob: async () => void tape.next('deleteJob'),
    describeEndpoint: async () => tape.next('describeEndpoint'),
    updateEndpoint: async (_endpoint, location) => {
      const answer = tape.next<{ location: { relativeLocation: string } }>('updateEndpoint')
      patched(location.relativeLocation, answer.location.relativeLocation)
    },
    score: async () => tape.next('score'),
  }
}
