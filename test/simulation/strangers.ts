import { canary } from './containers.ts'
import { dropsForMs } from './people.ts'
import { put } from './queues.ts'
import type { Sim } from './sim.ts'
import { queueOf, type World } from './world.ts'

const queues = ['startRequests', 'trainingJobs', 'endpointUpdates'] as const

/** What others do to the app's world: a message that is none of its own, an endpoint that somebody else updates. */
export type Strangers = { messages: number }

/** Plans what others do; every strange message has to end as a dead letter. */
export function planStrangers(
  sim: Sim,
  world: World,
  wake: (queue: string, delayMs: number) => void,
): Strangers {
  const { random, agenda, faults } = sim
  const strangers: Strangers = { messages: 0 }
  for (const name of queues) {
    if (!faults.happens('strangeMessage')) continue
    strangers.messages++
    const body = { strange: strangers.messages, see: `https://app.example/x?sv=2024&sig=${canary}` }
    agenda.after(random.between(0, dropsForMs), () => void put(queueOf(world.stores, name, wake), body, 0))
  }
  for (const endpoint of world.endpoints.endpoints.values()) {
    if (!faults.happens('otherHands')) continue
    agenda.after(random.between(0, dropsForMs), () => {
      sim.trace.note('other hands', () => `update ${endpoint.url}`)
      endpoint.names = { baseLocation: 'https://studio.example/', relativeLocation: 'by/other/hands' }
      endpoint.answers = 'by other hands'
      endpoint.isUnseen = true
    })
  }
  return strangers
}

/** How many of the strange messages are listed as dead letters. */
export function listedStrangers(world: World): number {
  return [...world.witness.deadLetters.values()].filter(({ body }) => String(body).includes('"strange"'))
    .length
}
