import type { InvocationRequest, InvocationResponse, RegisteredFunction } from './protocol.ts'

/** A function's own code. */
export type FunctionCallback = (...inputs: unknown[]) => unknown

/** A callback of `app.hook`. */
export type HookCallback = (context: Record<string, unknown>) => unknown

/** What `@azure/functions` makes of one invocation. */
export type InvocationModel = {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>
}

/** What an invocation model is made of; `state` says which part of the invocation runs. */
export type CoreContext = {
  invocationId: string
  metadata: RegisteredFunction
  request: InvocationRequest
  log(level: string, category: string, message: string): void
  state: string | undefined
}

/** The half of `@azure/functions` that the worker calls. */
export type ProgrammingModel = {
  getInvocationModel(context: CoreContext): InvocationModel
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>
}

/** Lines on their way to the host. */
export type CoreLog = (
  level: string,
  category: string,
  message: string,
  invocation?: InvocationRequest,
) => void

const hookNames = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const

/** The hooks there are. */
export type HookName = (typeof hookNames)[number]

/** What registered itself, and the module that `require('@azure/functions-core')` answers with. */
export type Core = {
  functions: Map<string, { metadata: RegisteredFunction; callback: FunctionCallback }>
  module: Record<string, unknown>
  model(): ProgrammingModel | undefined
  hooks(name: HookName): readonly HookCallback[]
  /** From here on registering throws. */
  lock(): void
}

class Disposable {
  #dispose: () => void
  constructor(dispose: () => void) {
    this.#dispose = dispose
  }
  static from(...parts: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const part of parts) part.dispose()
    })
  }
  dispose(): void {
    this.#dispose()
  }
}

/** The module `@azure/functions-core` as the Node worker provides it. Source: functions-host.md 1.1. */
export function createCore(log: CoreLog): Core {
  const functions: Core['functions'] = new Map()
  const hooks = new Map<HookName, HookCallback[]>(hookNames.map((name) => [name, []]))
  let model: ProgrammingModel | undefined
  let isLocked = false
  const registerFunction = (metadata: RegisteredFunction, callback: FunctionCallback) => {
    if (isLocked) throw new Error('A function can only be registered during app startup.')
    if (functions.has(metadata.name))
      throw new Error(`A function named "${metadata.name}" is already registered.`)
    functions.set(metadata.name, { metadata, callback })
    return new Disposable(() => {
      if (isLocked) throw new Error('A function can only be disposed during app startup.')
      functions.delete(metadata.name)
    })
  }
  return {
    functions,
    model: () => model,
    hooks: (name) => hooks.get(name) ?? [],
    lock: () => {
      isLocked = true
    },
    module: {
      version: '3.11.1',
      hostVersion: '4.1050.0',
      Disposable,
      registerFunction,
      registerHook: (name: string, callback: HookCallback) => registerHook(hooks, name, callback),
      setProgrammingModel: (given: ProgrammingModel) => {
        model = given
      },
      getProgrammingModel: () => model,
      log: (level: string, category: string, message: string) => log(level, category, message),
    },
  }
}

function registerHook(
  hooks: Map<HookName, HookCallback[]>,
  name: string,
  callback: HookCallback,
): Disposable {
  const list = hooks.get(name as HookName)
  if (list === undefined) throw new RangeError(`Unrecognized hook "${name}"`)
  list.push(callback)
  return new Disposable(() => {
    const at = list.indexOf(callback)
    if (at >= 0) list.splice(at, 1)
  })
}
