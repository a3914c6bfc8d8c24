import type { Clock } from './clock.ts'
import type { FunctionDefinition } from './invocation/functionDefinition.ts'
import type { Invoker } from './invocation/invoker.ts'
import type { LogSink } from './log.ts'
import type { HostSettings } from './settings/hostSettings.ts'
import type { Tuning } from './settings/tuning.ts'
import type { Stores } from './storage/stores.ts'

/** What the listeners of a host share. */
export type HostContext = {
  hostId: string
  functions: readonly FunctionDefinition[]
  settings: HostSettings
  tuning: Tuning
  stores: Stores
  invoker: Invoker
  clock: Clock
  sink: LogSink
  /** Listeners by the queue they listen to: a message this host sends itself is fetched at once. */
  wakers: Map<string, () => void>
}

/** A listener that was started; `ended` settles once its signal aborted and all it had taken on is done. */
export type Listening = { ended: Promise<void> }
