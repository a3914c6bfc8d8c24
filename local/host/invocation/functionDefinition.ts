import type { Binding, RegisteredFunction } from '../worker/protocol.ts'

/** A binding with its name and its settings resolved. */
export type NamedBinding = { name: string; binding: Binding }

/** What starts a function. Connections are names of settings; paths and schedules have their `%SETTING%`s resolved. */
export type Trigger =
  | { kind: 'queue'; queueName: string; connection: string }
  | { kind: 'blob'; path: string; connection: string; source: 'LogsAndContainerScan' | 'EventGrid' }
  | { kind: 'timer'; schedule: string; runOnStartup: boolean; useMonitor: boolean }
  | { kind: 'http'; route: string; methods: string[]; authLevel: AuthLevel }

/** Who may call an HTTP function. */
export type AuthLevel = 'anonymous' | 'function' | 'admin'

/** An input or output binding beside the trigger. */
export type StorageBinding =
  | { kind: 'queue'; name: string; queueName: string; connection: string }
  | { kind: 'blob'; name: string; path: string; connection: string }

/** A function of the app as the host runs it. `retry` is what it registered; `triggerName` names its trigger binding. */
export type FunctionDefinition<Kind extends Trigger = Trigger> = {
  name: string
  triggerName: string
  trigger: Kind
  inputs: StorageBinding[]
  outputs: StorageBinding[]
  retry: RegisteredFunction['retryOptions']
}

/** The functions whose trigger is of one kind. */
export function functionsOf<Kind extends Trigger['kind']>(
  functions: readonly FunctionDefinition[],
  kind: Kind,
): FunctionDefinition<Extract<Trigger, { kind: Kind }>>[] {
  return functions.filter((each) => each.trigger.kind === kind) as FunctionDefinition<
    Extract<Trigger, { kind: Kind }>
  >[]
}

/** The name that status blobs, receipts and internal messages know a function by. */
export function functionId(functionName: string): string {
  return `Host.Functions.${functionName}`
}
