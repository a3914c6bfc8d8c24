import { compilePattern } from '../blob/pathPattern.ts'
import { compileRoute } from '../http/routes.ts'
import { reasonOf } from '../log.ts'
import { resolveSettings } from '../settings/environment.ts'
import { parseSchedule } from '../timer/schedule.ts'
import type { Binding, RegisteredFunction } from '../worker/protocol.ts'
import type { AuthLevel, FunctionDefinition, StorageBinding, Trigger } from './functionDefinition.ts'

/** What decides which of the registered functions run, and how. */
export type IndexRules = {
  environment: NodeJS.ProcessEnv
  functionNames: readonly string[] | undefined
  hasExtensionBundle: boolean
}

/**
 * Turns what the app registered into what the host runs: settings resolved, schedules, paths and routes checked, disabled
 * ones left out. Throws one Error that names every function that can't run, or that there is none. Pure.
 */
export function indexFunctions(
  registered: readonly RegisteredFunction[],
  rules: IndexRules,
): FunctionDefinition[] {
  if (registered.length === 0) {
    throw new Error('Cannot start the host: the app registered no function; does its entry point call app.*?')
  }
  const problems: string[] = []
  const functions: FunctionDefinition[] = []
  for (const each of registered) {
    if (isLeftOut(each.name, rules)) continue
    try {
      functions.push(define(each, rules))
    } catch (thrown) {
      problems.push(`function ${each.name}: ${reasonOf(thrown)}`)
    }
  }
  if (problems.length > 0) throw new Error(`Cannot start the host: ${problems.join('; ')}`)
  if (functions.length === 0) throw new Error('Cannot start the host: every function is disabled')
  return functions
}

function isLeftOut(name: string, { environment, functionNames }: IndexRules): boolean {
  const disabled =
    environment[`AzureWebJobs.${name}.Disabled`] ?? environment[`AzureWebJobs_${name}_Disabled`]
  if (disabled !== undefined && /^(true|1)$/i.test(disabled)) return true
  return functionNames !== undefined && !functionNames.includes(name)
}

function define(registered: RegisteredFunction, rules: IndexRules): FunctionDefinition {
  const bindings = Object.entries(registered.bindings)
  const found = bindings.find(([, binding]) => /trigger$/i.test(binding.type))
  if (found === undefined) throw new Error('it has no trigger')
  const [triggerName, triggerBinding] = found
  const resolve = (text: string, what: string) => resolveSettings(text, rules.environment, what)
  const rest = bindings.filter(([name]) => name !== triggerName)
  const trigger = defineTrigger(registered.name, triggerBinding, resolve)
  const storage = (direction: 'in' | 'out') =>
    rest
      .filter(([, binding]) => binding.direction === direction && binding.type.toLowerCase() !== 'http')
      .map(([name, binding]) => storageBinding(name, binding, resolve))
  const definition = {
    name: registered.name,
    triggerName,
    trigger,
    inputs: storage('in'),
    outputs: storage('out'),
    retry: registered.retryOptions,
  }
  requireBundle(definition, rules)
  return definition
}

/** Queue and blob bindings come in an extension bundle: without one the real host finds no such binding. */
function requireBundle(definition: FunctionDefinition, { hasExtensionBundle }: IndexRules): void {
  const { kind } = definition.trigger
  const isStorage =
    kind === 'queue' || kind === 'blob' || definition.inputs.length + definition.outputs.length > 0
  if (isStorage && !hasExtensionBundle) {
    throw new Error('its storage bindings need "extensionBundle" in host.json')
  }
}

type Resolve = (text: string, what: string) => string

function defineTrigger(name: string, binding: Binding, resolve: Resolve): Trigger {
  switch (binding.type.toLowerCase()) {
    case 'queuetrigger':
      return { kind: 'queue', queueName: queueName(binding, resolve), connection: connectionOf(binding) }
    case 'blobtrigger': {
      const path = resolve(text(binding, 'path'), 'path')
      compilePattern(path)
      return { kind: 'blob', path, connection: connectionOf(binding), source: sourceOf(binding) }
    }
    case 'timertrigger': {
      const schedule = resolve(text(binding, 'schedule'), 'schedule')
      parseSchedule(schedule)
      const { runOnStartup, useMonitor } = binding
      return {
        kind: 'timer',
        schedule,
        runOnStartup: runOnStartup === true,
        useMonitor: useMonitor !== false,
      }
    }
    case 'httptrigger': {
      const route = typeof binding.route === 'string' ? resolve(binding.route, 'route') : name
      compileRoute('', route)
      return { kind: 'http', route, methods: methodsOf(binding), authLevel: authLevelOf(binding) }
    }
    default:
      throw new Error(`this host has no trigger of type ${binding.type}`)
  }
}

function storageBinding(name: string, binding: Binding, resolve: Resolve): StorageBinding {
  const connection = connectionOf(binding)
  switch (binding.type.toLowerCase()) {
    case 'queue':
      return { kind: 'queue', name, queueName: queueName(binding, resolve), connection }
    case 'blob':
      return { kind: 'blob', name, path: resolve(text(binding, 'path'), 'path'), connection }
    default:
      throw new Error(`this host has no binding of type ${binding.type}`)
  }
}

/** The service takes lower case only; the host lowers what it is given. */
function queueName(binding: Binding, resolve: Resolve): string {
  return resolve(text(binding, 'queueName'), 'queueName').toLowerCase()
}

function text(binding: Binding, option: string): string {
  const value = binding[option]
  if (typeof value === 'string' && value !== '') return value
  throw new Error(`its ${binding.type} has no ${option}`)
}

function connectionOf(binding: Binding): string {
  const { connection } = binding
  return typeof connection === 'string' && connection !== '' ? connection : 'AzureWebJobsStorage'
}

function sourceOf(binding: Binding): 'LogsAndContainerScan' | 'EventGrid' {
  const source = binding.source ?? 'LogsAndContainerScan'
  if (source === 'LogsAndContainerScan' || source === 'EventGrid') return source
  throw new Error(`its blob trigger has the unknown source ${String(source)}`)
}

function methodsOf(binding: Binding): string[] {
  const methods = Array.isArray(binding.methods) ? binding.methods : ['GET', 'POST']
  return methods.map((method) => String(method).toUpperCase())
}

function authLevelOf(binding: Binding): AuthLevel {
  const level = binding.authLevel ?? 'anonymous'
  if (level === 'anonymous' || level === 'function' || level === 'admin') return level
  throw new Error(`its HTTP trigger has the unknown authLevel ${String(level)}`)
}
