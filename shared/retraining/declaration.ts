import type { Holdout } from './holdout.ts'
import type { ModelKey } from './names.ts'
import { endpointName, type PredictiveServiceSettings } from './predictiveServices.ts'
import type { ScoringRow } from './services.ts'
import type { Gate, LimitsGate, Schedule, WrittenSettings } from './settings.ts'
import type { Webhook } from './webhook.ts'

/** A gate as it is declared: the staging endpoint by its name, of the model's own predictive web service. */
export type DeclaredGate =
  | { kind: 'always' }
  | (Omit<LimitsGate, 'holdout'> & { holdout?: (Omit<Holdout, 'staging'> & { staging: string }) | undefined })

/** What may be said of one customer's model; what is left out has a usual value. */
export type GivenDeclaration = {
  trainingService?: string | undefined
  predictiveService?: string | undefined
  /** The endpoint's name; `{customer}` and `{model}` stand for the ids without their dashes. */
  endpoint?: string | undefined
  /** The endpoint has to be there already: none is made. */
  adopt?: boolean | undefined
  resourceName?: string | undefined
  trainingData?: 'latest' | 'append' | undefined
  quietSeconds?: number | undefined
  maxQuietSeconds?: number | undefined
  jobDeadlineMinutes?: number | undefined
  gate?: DeclaredGate | undefined
  schedule?: Schedule | undefined
  probeRow?: ScoringRow | undefined
  driftPolicy?: 'mend' | 'report' | undefined
  approvalDays?: number | undefined
  appendDrops?: number | undefined
  appendBytes?: number | undefined
  breakerRuns?: number | undefined
  webhook?: Webhook | undefined
}

type Usual =
  | 'trainingService'
  | 'predictiveService'
  | 'endpoint'
  | 'trainingData'
  | 'quietSeconds'
  | 'maxQuietSeconds'
  | 'gate'
  | 'driftPolicy'

/** What is declared of one customer's model, with everything in it that has a usual value. */
export type Declaration = Omit<GivenDeclaration, Usual> & {
  [Field in Usual]: NonNullable<GivenDeclaration[Field]>
}

/** The services there are: a model that names none gets the only one. */
export type KnownServices = {
  training: readonly string[]
  predictive: readonly Pick<PredictiveServiceSettings, 'name' | 'resourceName'>[]
}

/** A complete declaration, or why there is none. */
export type Completion =
  | { kind: 'complete'; declaration: Declaration }
  | { kind: 'wrong'; problems: string[] }

const usualQuietSeconds = 60
const usualMaxQuietSeconds = 900

/** Fills in what is left out of a declaration. `hash` is a hex digest of a text. Pure. */
export function completeDeclaration(
  key: ModelKey,
  given: GivenDeclaration,
  services: KnownServices,
  hash: (text: string) => string,
): Completion {
  const problems: string[] = []
  const predictive = services.predictive.map(({ name }) => name)
  const trainingService = chosen('training', given.trainingService, services.training, problems)
  const predictiveService = chosen('predictive', given.predictiveService, predictive, problems)
  const endpoint = endpointNameOf(key, given.endpoint, hash)
  if (!isEndpointName(endpoint) && given.adopt !== true) {
    problems.push(`endpoint ${endpoint}: a name has 24 characters or less, lower-case letters and digits`)
  }
  const quietSeconds = given.quietSeconds ?? usualQuietSeconds
  const maxQuietSeconds = given.maxQuietSeconds ?? Math.max(quietSeconds, usualMaxQuietSeconds)
  if (maxQuietSeconds < quietSeconds) problems.push('maxQuietSeconds: at least quietSeconds')
  if (problems.length > 0) return { kind: 'wrong', problems }
  const ofService = services.predictive.find(({ name }) => name === predictiveService)?.resourceName
  const resourceName = given.resourceName ?? ofService
  const { gate = { kind: 'always' }, trainingData = 'latest', driftPolicy = 'mend' } = given
  return {
    kind: 'complete',
    declaration: {
      ...given,
      ...{ trainingService, predictiveService, endpoint, resourceName },
      ...{ trainingData, quietSeconds, maxQuietSeconds, gate, driftPolicy },
    },
  }
}

function chosen(
  kind: 'training' | 'predictive',
  given: string | undefined,
  known: readonly string[],
  problems: string[],
): string {
  const there = known.length === 0 ? 'there is none' : `there are ${known.join(', ')}`
  if (given !== undefined) {
    if (!known.includes(given))
      problems.push(`${kind}Service ${given}: there is no such web service; ${there}`)
    return given
  }
  if (known.length !== 1) problems.push(`${kind}Service: has to be named; ${there}`)
  return known[0] ?? ''
}

/** What a declared endpoint is called: by the name rule where none is declared. Pure. */
export function endpointNameOf(
  key: ModelKey,
  given: string | undefined,
  hash: (text: string) => string,
): string {
  if (given === undefined) return usualEndpointName(key, hash)
  return given
    .replaceAll('{customer}', key.customerId.replaceAll('-', ''))
    .replaceAll('{model}', key.model.replaceAll('-', ''))
}

const readableLetters = 16
const hashLetters = 8

/**
 * The name rule of endpoints: the beginning of customer and model, then eight letters of their hash, so that it is the same
 * every time and no two models' are. Source: creating-endpoints.md, 24 characters or less, lower-case letters and digits. Pure.
 */
export function usualEndpointName({ customerId, model }: ModelKey, hash: (text: string) => string): string {
  const readable = `${customerId}${model}`.replaceAll('-', '').slice(0, readableLetters)
  return `${readable}${hash(`${customerId}|${model}`).slice(0, hashLetters)}`
}

/** Whether a new endpoint may be called that. Pure. */
export function isEndpointName(name: string): boolean {
  return /^[a-z0-9]{1,24}$/.test(name) && name !== 'default'
}

/** The declaration that settings are: for comparing, and to show. Pure. */
export function declarationOf(settings: WrittenSettings): Declaration {
  const { customerId, model, endpoint, gate, predictiveService = '', ...rest } = settings
  return {
    ...rest,
    predictiveService,
    endpoint: endpointName(endpoint.url),
    resourceName: endpoint.resourceName,
    gate: declaredGate(gate),
  }
}

function declaredGate(gate: Gate): DeclaredGate {
  if (gate.kind === 'always' || gate.holdout === undefined) return gate as DeclaredGate
  return { ...gate, holdout: { ...gate.holdout, staging: endpointName(gate.holdout.staging.url) } }
}
