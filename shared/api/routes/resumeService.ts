import { z } from 'zod'
import { resumeService } from '../../retraining/resumeService.ts'
import { Problem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

const resume = defineRoute({
  name: 'resumeTrainingService',
  method: 'POST',
  path: 'services/training/{name}/resume',
  authLevel: 'function',
  topic: 'services',
  summary: 'Says that a paused training service is in order again: its runs start at once',
  params: z.object({ name: z.string().min(1).max(100) }),
  answer: z.object({ name: z.string(), outcome: z.enum(['resumed', 'unchanged']) }),
  audited: 'resume training service',
  async handle(ports, { params: { name } }) {
    if ((await ports.readTrainingService(name)) === undefined) {
      const detail = `Cannot resume ${name}: there is no such training web service`
      throw new Problem(404, 'no-such-service', detail)
    }
    const wasPaused = (await ports.readSlots(name)).health?.value.paused !== undefined
    await resumeService(ports, name)
    return { body: { name, outcome: wasPaused ? 'resumed' : 'unchanged' } }
  },
})

/** Training services that were paused. */
export const resumeServiceRoutes: readonly Route[] = [resume]
