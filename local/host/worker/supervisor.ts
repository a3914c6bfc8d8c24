import type { Clock } from '../clock.ts'
import { type HostLog, reasonOf } from '../log.ts'
import type { FunctionWorker } from './workerProcess.ts'

/** What supervising needs: how to start a worker, the clock, where lines go. */
export type SupervisorPorts = { start(): Promise<FunctionWorker>; clock: Clock; log: HostLog }

/** This many failures of the worker within the window end the host. */
export type WorkerRules = { errorLimit: number; errorWindowMs: number }

/** The one worker of a host, started again when it ends by itself. */
export type Supervisor = {
  /** The worker that takes invocations, once it has loaded the app. */
  worker(): Promise<FunctionWorker>
  /** Ends the worker with all it holds and starts another; no failure of the worker's own. */
  restart(reason: string): void
  /** Ends supervision and the worker. */
  stop(graceMs: number): Promise<void>
  /** Why the host can't go on; stays open as long as it can. */
  failed: Promise<Error>
}

/** Whether the host gives up: as many failures within the window as the rules allow. Pure. */
export function givesUp(failuresAtMs: readonly number[], nowMs: number, rules: WorkerRules): boolean {
  return failuresAtMs.filter((atMs) => nowMs - atMs < rules.errorWindowMs).length >= rules.errorLimit
}

/**
 * Keeps one worker running, beginning with `first`. A worker that ends by itself (a crash, `process.exit`, an unhandled
 * rejection) is started again, until `rules` say that the host gives up. Source: functions-host.md 2.6.
 */
export function supervise(first: FunctionWorker, ports: SupervisorPorts, rules: WorkerRules): Supervisor {
  const { promise: failed, resolve: fail } = Promise.withResolvers<Error>()
  const state: State = {
    current: Promise.resolve(first),
    failuresAtMs: [],
    expected: new WeakSet(),
    isStopping: false,
    fail,
  }
  const supervision = { ...ports, rules, state }
  watch(supervision, first)
  return {
    failed,
    worker: () => state.current,
    restart: (reason) => {
      ports.log.warn(`Restarting the worker: ${reason}`)
      void state.current.then((worker) => end(state, worker), ignore)
      replace(supervision)
    },
    stop: async (graceMs) => {
      state.isStopping = true
      const ended = state.current.then((worker) => worker.terminate(graceMs), ignore)
      const over = new AbortController()
      // A worker that is still loading is not waited for: it is killed once it has loaded.
      await Promise.race([ended, ports.clock.after(graceMs + killMs, over.signal)])
      over.abort()
    },
  }
}

/** How long a killed process takes to be gone, at most. */
const killMs = 1_000

type State = {
  current: Promise<FunctionWorker>
  failuresAtMs: number[]
  /** Workers that were ended on purpose: their exit is no failure. */
  expected: WeakSet<FunctionWorker>
  isStopping: boolean
  fail(reason: Error): void
}

type Supervision = SupervisorPorts & { rules: WorkerRules; state: State }

function watch(supervision: Supervision, worker: FunctionWorker): void {
  void worker.exited.then((reason) => {
    if (!supervision.state.expected.has(worker)) noteFailure(supervision, reason)
  })
}

function noteFailure(supervision: Supervision, reason: string): void {
  const { state, rules, clock, log } = supervision
  if (state.isStopping) return
  state.failuresAtMs.push(clock.now())
  log.error(`The worker failed: ${reason}`)
  if (givesUp(state.failuresAtMs, clock.now(), rules)) {
    state.fail(new Error(`Cannot go on: the worker failed ${rules.errorLimit} times, at last: ${reason}`))
  } else replace(supervision)
}

function replace(supervision: Supervision): void {
  const { state } = supervision
  state.current = startAgain(supervision)
  // Who invokes sees the rejection; supervision has dealt with it.
  state.current.catch(ignore)
}

async function startAgain(supervision: Supervision): Promise<FunctionWorker> {
  try {
    const worker = await supervision.start()
    if (supervision.state.isStopping) worker.kill()
    watch(supervision, worker)
    return worker
  } catch (thrown) {
    noteFailure(supervision, reasonOf(thrown))
    throw thrown
  }
}

function end(state: State, worker: FunctionWorker): void {
  state.expected.add(worker)
  worker.kill()
}

function ignore(): void {}
