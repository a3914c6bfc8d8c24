import type { Run } from './run.ts'
import { startMode } from './serviceHealth.ts'
import { instantText, type Wait, type WhyFacts } from './whyFacts.ts'

/** What the run in flight waits for; nothing once it is over. Pure. */
export function waitOfRun(run: Run, facts: WhyFacts): Wait[] {
  const { generation, state } = run
  switch (state) {
    case 'queued':
      return [queuedWait(run, facts)]
    case 'submitted':
      return [jobWait(run, 'has a job that is about to start')]
    case 'training':
      return [jobWait(run, trainingText(run))]
    case 'trained':
      return [trainedWait(run)]
    case 'updating':
      return [updatingWait(run)]
    case 'awaitingApproval':
    case 'live':
    case 'rejected':
    case 'superseded':
    case 'failed':
    case 'cancelled':
      return [
        { kind: 'run', generation, sentence: `Generation ${generation} is ${state} and about to make room` },
      ]
  }
}

function queuedWait(run: Run, { place, inLine, health, nowMs }: WhyFacts): Wait {
  const { generation, trainingService: service, retry } = run
  const common = { generation, service, sinceAtMs: run.redrivenAtMs ?? run.openedAtMs }
  const paused = health?.paused
  if (paused !== undefined && startMode(health, nowMs) !== 'open') {
    const next = `it is tried again at ${instantText(paused.probeAtMs)}`
    const sentence = `Generation ${generation} waits for the training service ${service}, which is paused since ${instantText(paused.sinceAtMs)} (${paused.reason}); ${next}`
    return {
      ...common,
      kind: 'service',
      sentence,
      untilAtMs: paused.probeAtMs,
      reason: paused.reason,
      place,
      inLine,
    }
  }
  if (retry !== undefined && retry.dueAtMs > nowMs) {
    const sentence = `Generation ${generation} is tried again at ${instantText(retry.dueAtMs)}, after ${retry.count} calls that failed`
    return { ...common, kind: 'retry', sentence, untilAtMs: retry.dueAtMs }
  }
  const where = place === undefined ? 'about to be put in line' : `${place} of ${inLine} in line`
  const sentence = `Generation ${generation} waits for a slot at the training service ${service}, ${where}`
  return { ...common, kind: 'slot', sentence, place, inLine }
}

function jobWait(run: Run, text: string): Wait {
  const { generation, trainingService: service, jobId, jobStartedAtMs, usualJobSeconds } = run
  const untilAtMs =
    jobStartedAtMs === undefined || usualJobSeconds === undefined
      ? undefined
      : jobStartedAtMs + usualJobSeconds * 1000
  const sentence = `Generation ${generation} ${text}`
  return { kind: 'job', generation, sentence, service, jobId, sinceAtMs: jobStartedAtMs, untilAtMs }
}

function trainingText({ trainingService, jobStartedAtMs, usualJobSeconds, attempt }: Run): string {
  const since = jobStartedAtMs === undefined ? '' : ` since ${instantText(jobStartedAtMs)}`
  const usual =
    usualJobSeconds === undefined ? '' : `, which takes ${Math.round(usualJobSeconds)} s as a rule`
  const again = attempt > 1 ? ` (attempt ${attempt})` : ''
  return `trains at ${trainingService}${since}${usual}${again}`
}

function trainedWait({ generation, measuring, trainedAtMs, warrant, retry }: Run): Wait {
  if (measuring !== undefined) {
    const sentence = `Generation ${generation} is compared with the live model on the holdout`
    return {
      kind: 'holdout',
      generation,
      sentence,
      sinceAtMs: measuring.startedAtMs,
      untilAtMs: measuring.dueAtMs,
    }
  }
  const what = warrant === undefined ? 'to be judged' : 'to update the endpoint'
  const when = retry === undefined ? '' : `, tried again at ${instantText(retry.dueAtMs)}`
  const sentence = `Generation ${generation} is trained and waits ${what}${when}`
  const kind = warrant === undefined ? 'judging' : 'update'
  return { kind, generation, sentence, sinceAtMs: trainedAtMs, untilAtMs: retry?.dueAtMs }
}

function updatingWait({ generation, update }: Run): Wait {
  const { check, patchedAtMs, deadlineAtMs, claimedAtMs } = update ?? {}
  if (patchedAtMs === undefined) {
    const sentence = `Generation ${generation} is being sent to the endpoint`
    return { kind: 'update', generation, sentence, sinceAtMs: claimedAtMs }
  }
  const due = check === undefined ? '' : `, next at ${instantText(check.dueAtMs)}`
  const sentence = `Generation ${generation} was sent to the endpoint, which is checked until it answers with it${due}`
  return { kind: 'check', generation, sentence, sinceAtMs: patchedAtMs, untilAtMs: deadlineAtMs }
}
