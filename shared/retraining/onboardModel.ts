import type { Declaration, DeclaredGate } from './declaration.ts'
import { RetryableError, TerminalError } from './errors.ts'
import { type ForgetOldKeyPorts, forgetOldKey } from './forgetKey.ts'
import type { ModelKey } from './names.ts'
import { type LiftPorts, lift } from './offboardModel.ts'
import {
  type EndpointOwners,
  endpointName,
  type ModelSettingsStore,
  type PredictiveServiceSettings,
  type ReadSettings,
  type WebServiceStore,
} from './predictiveServices.ts'
import { type PrepareEndpointPorts, prepareEndpoint } from './prepareEndpoint.ts'
import { type ReinstatePorts, reinstate } from './reinstate.ts'
import { isSame } from './same.ts'
import { CredentialRefused, type Endpoint, type EndpointPort } from './services.ts'
import type { Gate, WrittenSettings } from './settings.ts'
import type { Clock, Log } from './stores.ts'
import { textOf } from './trouble.ts'

/** What onboarding a model needs. */
export type OnboardModelPorts = PrepareEndpointPorts &
  LiftPorts &
  ReinstatePorts &
  ForgetOldKeyPorts &
  Pick<WebServiceStore, 'readPredictiveService'> &
  Pick<EndpointOwners, 'releaseEndpoint'> &
  Pick<ModelSettingsStore, 'readWritten' | 'swapSettings'> &
  Pick<EndpointPort, 'score'> &
  Pick<Clock, 'now'> & { log: Log; redact(text: string): string }

/** `waiting`: nothing is lost; the same call again goes on. `changed`: the settings are not those of the ETag any more. */
export type Onboarding =
  | { kind: 'onboarded'; outcome: 'added' | 'changed' | 'unchanged'; endpoint: 'made' | 'found' }
  | { kind: 'waiting'; missing: string }
  | { kind: 'changed' }

/** An endpoint younger than this may refuse calls that it will take. Source: classic-protocol.md, 6. */
const warmUpMs = 10 * 60_000
const tries = 5

/**
 * Makes a customer's model known: its endpoint is found or made, answers, and its key is kept; the settings are written
 * last, so that a model that is known is complete. Every step can be done again after a crash. The endpoint of a model that
 * is known can't be exchanged for another. With `etag` only settings whose row is still that one are replaced; without it
 * those that somebody else writes meanwhile are read again. Throws TerminalError with what is wrong.
 */
export async function onboardModel(
  ports: OnboardModelPorts,
  key: ModelKey,
  declaration: Declaration,
  etag?: string,
): Promise<Onboarding> {
  for (let count = 0; count < tries; count++) {
    const written = await ports.readWritten(key)
    if (etag !== undefined && written?.etag !== etag) return { kind: 'changed' }
    const outcome = await onboardOver(ports, key, declaration, written)
    if (outcome.kind !== 'changed') return outcome
  }
  throw new RetryableError(`Cannot onboard ${key.customerId}/${key.model}: its settings change all the time`)
}

async function onboardOver(
  ports: OnboardModelPorts,
  key: ModelKey,
  declaration: Declaration,
  written: ReadSettings | undefined,
): Promise<Onboarding> {
  const service = await ports.readPredictiveService(declaration.predictiveService)
  if (service === undefined) throw noService(declaration)
  const before = written?.offboarded === undefined ? written?.settings : undefined
  if (before !== undefined) refuseExchange(key, before, declaration)
  const { endpoint: name, adopt = false, resourceName } = declaration
  const prepared = await prepareEndpoint(ports, service, { name, owner: key, adopt, resourceName })
  if (prepared.kind === 'waiting') return prepared
  const gate = await settledGate(ports, service, declaration.gate)
  if (gate.kind === 'waiting') return gate
  const settings = settingsOf(key, declaration, { endpoint: prepared.endpoint, gate: gate.gate })
  const isYoung = prepared.isNew || ports.now() - (prepared.found.createdAtMs ?? 0) < warmUpMs
  const silence = await scoreOnce(ports, settings, isYoung)
  if (silence !== undefined) return { kind: 'waiting', missing: silence }
  const isOurs = isYoung && !adopt
  const outcome = await write(ports, { before, settings, isNew: prepared.isNew, isOurs, etag: written?.etag })
  if (outcome.kind === 'onboarded') await forgetOldKey(ports, written?.settings, settings)
  return outcome
}

function noService({ predictiveService }: Declaration): TerminalError {
  return new TerminalError(
    `Cannot use the predictive web service ${predictiveService}: there is none of this name`,
  )
}

/** Of the URL, only the host may change: the service may be reached under another name. */
function refuseExchange(key: ModelKey, before: WrittenSettings, wanted: Declaration): void {
  const name = endpointName(before.endpoint.url)
  const { predictiveService: service = wanted.predictiveService } = before
  if (name === wanted.endpoint && service === wanted.predictiveService) return
  throw new TerminalError(
    `Cannot give ${key.customerId}/${key.model} the endpoint ${wanted.endpoint} of ${wanted.predictiveService}: it has ${name} of ${service}; off-board it first`,
  )
}

type SettledGate = { kind: 'settled'; gate: Gate } | { kind: 'waiting'; missing: string }

/** The staging endpoint is found or made as the model's own is; it may be shared, as whoever uses it claims it. */
async function settledGate(
  ports: PrepareEndpointPorts,
  service: PredictiveServiceSettings,
  gate: DeclaredGate,
): Promise<SettledGate> {
  if (gate.kind === 'always') return { kind: 'settled', gate }
  const { holdout, ...limits } = gate
  if (holdout === undefined) return { kind: 'settled', gate: limits }
  const { resourceName } = service
  const wanted = { name: holdout.staging, owner: 'staging' as const, adopt: false, resourceName }
  const prepared = await prepareEndpoint(ports, service, wanted)
  if (prepared.kind === 'waiting') return prepared
  return { kind: 'settled', gate: { ...limits, holdout: { ...holdout, staging: prepared.endpoint } } }
}

function settingsOf(
  { customerId, model }: ModelKey,
  declaration: Declaration,
  settled: { endpoint: Endpoint; gate: Gate },
): WrittenSettings {
  const { adopt: _adopt, resourceName: _resourceName, ...rest } = declaration
  return { ...rest, customerId, model, ...settled }
}

/** Scores the model's sample row, where it has one; answers what is missing while the endpoint does not answer yet. */
async function scoreOnce(
  ports: OnboardModelPorts,
  settings: WrittenSettings,
  isYoung: boolean,
): Promise<string | undefined> {
  if (settings.probeRow === undefined) return undefined
  const name = endpointName(settings.endpoint.url)
  try {
    await ports.score(settings.endpoint, [settings.probeRow])
    return undefined
  } catch (error) {
    if (!isAnswer(error)) throw error
    const reason = ports.redact(textOf(error))
    if (isYoung || error instanceof RetryableError) {
      return `the endpoint ${name} does not answer the probe row yet: ${reason}`
    }
    const { customerId, model } = settings
    throw new TerminalError(`Cannot onboard ${customerId}/${model}: ${reason}`, { cause: error })
  }
}

/** Of the service, or of the way to it; anything else is none of its. */
function isAnswer(error: unknown): boolean {
  return (
    error instanceof RetryableError || error instanceof TerminalError || error instanceof CredentialRefused
  )
}

type ToWrite = {
  before: WrittenSettings | undefined
  settings: WrittenSettings
  isNew: boolean
  /** The endpoint was made by this call or by one of the last minutes. */
  isOurs: boolean
  etag: string | undefined
}

async function write(
  ports: OnboardModelPorts,
  { before, settings, isNew, isOurs, etag }: ToWrite,
): Promise<Onboarding> {
  const endpoint = isNew ? 'made' : 'found'
  await lift(ports, settings)
  if (before !== undefined && isSame(before, settings)) {
    return { kind: 'onboarded', outcome: 'unchanged', endpoint }
  }
  if ((await ports.swapSettings(settings, etag)) === 'changed') return { kind: 'changed' }
  if (before === undefined && isOurs) await reinstate(ports, settings)
  const { customerId, model } = settings
  const outcome = before === undefined ? 'added' : 'changed'
  ports.log.info({ customerId, model }, `model ${outcome}: endpoint ${endpoint}`)
  const old = before?.endpoint.url
  if (old !== undefined && old !== settings.endpoint.url) await ports.releaseEndpoint(old)
  return { kind: 'onboarded', outcome, endpoint }
}
