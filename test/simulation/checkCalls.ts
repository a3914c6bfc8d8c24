import type { Endpoint, ResourceLocation } from '../../shared/retraining/services.ts'
import { pinOf } from './checkRollback.ts'
import { unfinished } from './checkRows.ts'
import type { PatchWitness } from './endpoints.ts'
import type { Invocation, Sim } from './sim.ts'
import type { SimJob, StartWitness } from './trainingService.ts'
import type { ModelView, Witness } from './witness.ts'

const mostFailures = 3

/**
 * S2 where it counts, at the service: which generation a job is of is read from the blob it was given and the committed
 * manifests, not from the app's run rows. An earlier job of the generation must have ended without a model.
 */
export function createStartWitness(
  sim: Sim,
  witness: () => Witness,
  services: readonly Caps[],
): StartWitness {
  return (job, jobs) => {
    checkCaps(sim, job, jobs, services)
    const of = generationOf(witness(), job)
    if (of === undefined)
      return sim.violate('S2', `${job.id} starts on ${job.input.relativeLocation}, of no generation`)
    const name = `generation ${of.generation} of ${of.partition}`
    const earlier = [...jobs.values()].filter(
      (other) =>
        other.startedAtMs !== undefined && other.input.relativeLocation === job.input.relativeLocation,
    )
    for (const other of earlier) {
      if (other.state === 'Running' || other.state === 'Finished') {
        sim.violate('S2', `${job.id} of ${name} starts while ${other.id} is ${other.state}`)
      }
    }
    const run = witness().modelOf(of.partition).runs.get(of.generation)
    if (earlier.length >= Number(run?.attempt)) {
      sim.violate('S2', `${job.id} is job ${earlier.length + 1} of ${name}, in attempt ${run?.attempt}`)
    }
    if (Number(run?.platformFailures) >= mostFailures) {
      sim.violate('S2', `${job.id} of ${name} starts after ${run?.platformFailures} failures`)
    }
  }
}

/** The caps of a training service: `maxJobsPerCustomer` is a quarter where absent. */
export type Caps = { jobsUrl: string; maxJobsInFlight: number; maxJobsPerCustomer?: number | undefined }

/** S7, counted at the service: jobs that were started and are not over, this one included, of all customers and of its own. */
function checkCaps(
  sim: Sim,
  job: SimJob,
  jobs: ReadonlyMap<string, SimJob>,
  services: readonly Caps[],
): void {
  const caps = services.find(({ jobsUrl }) => jobsUrl === job.jobsUrl)
  if (caps === undefined) return
  const { maxJobsInFlight, maxJobsPerCustomer = Math.max(1, Math.ceil(maxJobsInFlight / 4)) } = caps
  const running = [...jobs.values()].filter(
    ({ state, jobsUrl }) => state === 'Running' && jobsUrl === job.jobsUrl,
  )
  const own = running.filter((other) => customerOf(other) === customerOf(job))
  if (running.length + 1 > maxJobsInFlight) {
    sim.violate('S7', `${running.length + 1} jobs run at ${job.jobsUrl}, at most ${maxJobsInFlight} may`)
  }
  if (own.length + 1 > maxJobsPerCustomer) {
    const text = `${own.length + 1} jobs of ${customerOf(job)} run at ${job.jobsUrl}`
    sim.violate('S7', `${text}, at most ${maxJobsPerCustomer} may`)
  }
}

function customerOf(job: SimJob): string | undefined {
  return job.input.relativeLocation.split('/')[1]
}

function generationOf(witness: Witness, job: SimJob) {
  return witness.generationOfInput(job.input.relativeLocation.replace(/^training-sets\//, ''))
}

/** Who owns what is behind a URL: `partition` is `customerId|model`. */
export type Ownership = { endpointOwner(url: string): string | undefined }

/**
 * S1, S5 and S6 at the port: PATCHes never go back to an older generation, no two are under way to one endpoint, each
 * carries a model of the endpoint's own customer, and its run has a warrant. Who stood still for longer than its claim
 * may send one too late: that it is put right is checked at the end.
 */
export function createPatchWitness(sim: Sim, witness: () => Witness, owners: Ownership): PatchWitness {
  const highest = new Map<string, number>()
  const underWay = new Map<string, Set<Invocation>>()
  const at = (url: string) => {
    const found = underWay.get(url) ?? new Set()
    underWay.set(url, found)
    return found
  }
  return {
    sent(invocation: Invocation, endpoint: Endpoint, location: ResourceLocation) {
      const { url } = endpoint
      const [, customerId, model, padded] = location.relativeLocation.split('/')
      const partition = `${customerId}|${model}`
      const generation = Number(padded)
      if (owners.endpointOwner(url) !== partition) sim.violate('S5', `${url} gets a model of ${partition}`)
      const view = witness().modelOf(partition)
      const before = highest.get(url) ?? 0
      const isPinned = pinOf(view.head)?.generation === generation
      if (!invocation.wasFrozen && generation < before && !isPinned && !isPutBack(view, generation, before)) {
        sim.violate('S1', `PATCH of generation ${generation} after ${before} at ${url}`)
      }
      highest.set(url, isPinned ? generation : Math.max(generation, before))
      if (view.runs.get(generation)?.warrant === undefined) {
        sim.violate('S6', `PATCH of generation ${generation} of ${partition} without a warrant`)
      }
      const others = [...at(url)].filter((other) => other.alive && !other.wasFrozen)
      if (others.length > 0 && !invocation.wasFrozen)
        sim.violate('S1', `two workers update ${url} at once: ${invocation.id}, ${others[0]?.id}`)
      at(url).add(invocation)
    },
    settled: (invocation, { url }) => void at(url).delete(invocation),
  }
}

/** The live model may be put back after a newer one that was installed and came to nothing. */
function isPutBack(view: ModelView, generation: number, newer: number): boolean {
  return view.head.live === generation && !unfinished.has(view.runs.get(newer)?.state)
}

/** S5: an archived file comes from a job of its own generation. `content` is what the archive holds. */
export function checkArchived(
  sim: Sim,
  witness: Witness,
  jobs: ReadonlyMap<string, SimJob>,
  archived: { name: string; content: string },
): void {
  const [customerId, model, padded] = archived.name.split('/')
  const [, jobId] = /^model of outputs\/(\w+)\//.exec(archived.content) ?? []
  const job = jobId === undefined ? undefined : jobs.get(jobId)
  if (job === undefined) return
  const of = generationOf(witness, job)
  if (of?.partition !== `${customerId}|${model}` || of.generation !== Number(padded)) {
    sim.violate('S5', `${archived.name} is a model of ${of?.partition} generation ${of?.generation}`)
  }
}

/** S5: a job is submitted at its customer's own training service, with its own customer's input. */
export function checkSubmitted(
  sim: Sim,
  expected: { partition: string; jobsUrl: string } | undefined,
  job: { jobsUrl: string; input: ResourceLocation },
): void {
  const [, customerId, model] = job.input.relativeLocation.split('/')
  if (expected === undefined || expected.jobsUrl !== job.jobsUrl) {
    sim.violate('S5', `input of ${customerId}|${model} goes to ${job.jobsUrl}`)
  }
}
