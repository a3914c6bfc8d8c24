import type { TrainingServiceSettings } from '../../shared/retraining/settings.ts'
import { createWorld, service, settings } from './world.ts'

/** A world in which several customers share one training service with these caps. */
export async function createFleet(
  customers: readonly string[],
  caps: Partial<Pick<TrainingServiceSettings, 'maxJobsInFlight' | 'maxJobsPerCustomer'>>,
  models: readonly string[] = ['census'],
) {
  const world = await createWorld()
  await world.ports.putTrainingService({ ...service, ...caps })
  for (const customerId of customers) {
    for (const model of models) await world.ports.putSettings({ ...settings, customerId, model })
  }
  const running = () => [...world.services.jobs.values()].filter(({ status }) => status.status === 'Running')
  return {
    ...world,
    running,
    /** Drops a file of a customer, a second after the one before. */
    async drop(customerId: string, model = 'census') {
      world.clock.advance(1)
      const name = `${customerId}/${model}/march.csv`
      await world.containers.trainingData.putText(name, `age\n${world.clock.now()}\n`)
      await world.drop(name)
    },
    /** Whose jobs were started, in order. */
    started: () =>
      [...world.services.jobs.values()]
        .filter(({ starts }) => starts > 0)
        .map(({ input }) => input.relativeLocation.split('/').slice(1, 3).join('/')),
    run: async (customerId: string, generation = 1, model = 'census') =>
      (await world.ports.readRun({ customerId, model, generation }))?.value,
    slots: async () => (await world.ports.readSlots(service.name)).slots,
    line: async () =>
      (await world.ports.listWaiting(service.name, undefined)).items.map(({ customerId }) => customerId),
  }
}
