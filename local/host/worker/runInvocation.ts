import type { Core, CoreContext, CoreLog } from './core.ts'
import type { InvocationRequest, InvocationResponse } from './protocol.ts'

/** Where the hooks of one app put what they share between invocations and within one. */
export type HookData = { app: Record<string, unknown> }

/**
 * Runs one invocation through the app's programming model, with its hooks around it, as the Node worker does.
 * Throws what the function or a hook throws. Source: functions-host.md 1.1.
 */
export async function runInvocation(
  core: Core,
  request: InvocationRequest,
  log: CoreLog,
  hookData: HookData,
): Promise<InvocationResponse> {
  const found = core.functions.get(request.functionName)
  const model = core.model()
  if (found === undefined || model === undefined) {
    throw new Error(`Cannot invoke ${request.functionName}: the app did not register it`)
  }
  const coreContext: CoreContext = {
    invocationId: request.invocationId,
    metadata: found.metadata,
    request,
    log: (level, category, message) => log(level, category, message, request),
    state: undefined,
  }
  const invocation = model.getInvocationModel(coreContext)
  const { context, inputs } = await invocation.getArguments()
  const hook = {
    hookData: {},
    appHookData: hookData.app,
    invocationContext: context,
    inputs,
    functionCallback: found.callback,
  }
  coreContext.state = 'preInvocationHooks'
  await runHooks(core, 'preInvocation', hook)
  coreContext.state = 'invocation'
  const after = await outcomeOf(() => invocation.invokeFunction(context, hook.inputs, hook.functionCallback))
  coreContext.state = 'postInvocationHooks'
  const post = { ...hook, ...after }
  await runHooks(core, 'postInvocation', post)
  coreContext.state = undefined
  if (isThrown(post.error)) throw post.error
  return invocation.getResponse(context, post.result)
}

type Outcome = { result: unknown; error: unknown }

/** A function that throws `undefined` or `null` has failed too. */
async function outcomeOf(run: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { result: await run(), error: null }
  } catch (thrown) {
    return { result: null, error: thrown ?? new Error('the function threw nothing that can be named') }
  }
}

function isThrown(error: unknown): boolean {
  return error !== null && error !== undefined
}

/** Calls the hooks of one name in the order of registration; each may change `context`. */
export async function runHooks(
  core: Core,
  name: 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation',
  context: Record<string, unknown>,
): Promise<void> {
  for (const hook of core.hooks(name)) await hook(context)
}
