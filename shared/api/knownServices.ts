import type { GivenDeclaration, KnownServices } from '../retraining/declaration.ts'
import type { PredictiveServiceSettings, WebServiceStore } from '../retraining/predictiveServices.ts'

type Ports = Pick<
  WebServiceStore,
  'readTrainingService' | 'readPredictiveService' | 'listTrainingServices' | 'listPredictiveServices'
>

/** The services that a declaration may mean: those it names where they are there, all where it names none. */
export async function knownServices(ports: Ports, given: GivenDeclaration): Promise<KnownServices> {
  const [training, predictive] = await Promise.all([
    trainingNames(ports, given.trainingService),
    predictiveServices(ports, given.predictiveService),
  ])
  return { training, predictive }
}

async function trainingNames(ports: Ports, named: string | undefined): Promise<string[]> {
  if (named !== undefined && (await ports.readTrainingService(named)) !== undefined) return [named]
  return allNames(ports.listTrainingServices)
}

async function predictiveServices(
  ports: Ports,
  named: string | undefined,
): Promise<PredictiveServiceSettings[]> {
  const own = named === undefined ? undefined : await ports.readPredictiveService(named)
  if (own !== undefined) return [own]
  const names = await allNames(ports.listPredictiveServices)
  const all = await Promise.all(names.map((name) => ports.readPredictiveService(name)))
  return all.filter((service) => service !== undefined)
}

async function allNames(
  list: (next: string | undefined) => Promise<{ items: string[]; next?: string }>,
): Promise<string[]> {
  const names: string[] = []
  let next: string | undefined
  do {
    const page = await list(next)
    names.push(...page.items)
    next = page.next
  } while (next !== undefined)
  return names
}
