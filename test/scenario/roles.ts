import { stringify } from 'yaml'

/** What a customer of the scenario goes through. */
export type Role = 'plain' | 'rejected' | 'waiting' | 'rolledBack' | 'deadLetter'

/** A customer of the scenario; its id is also its endpoint's name. */
export type Customer = { id: string; role: Role }

export const model = 'birdstrikes'
export const gate = 'AUC >= 0.75'
export const predictiveService = 'Bird Strikes [predictive exp.]'
/** The training web service of the customer whose jobs are made to fail: nobody else's. */
export const failingService = 'Bird Strikes by Trees'

/** So many customers: one in forty (at least one) rejected, two waiting, one rolled back, one with a dead letter. Pure. */
export function customersOf(count: number): Customer[] {
  const rejected = Math.max(1, Math.round(count / 40))
  const roles: Role[] = [
    ...Array.from({ length: rejected }, (): Role => 'rejected'),
    ...(['waiting', 'waiting', 'rolledBack', 'deadLetter'] as const),
  ]
  return Array.from({ length: count }, (_none, at) => ({
    id: `c${String(at + 1).padStart(3, '0')}`,
    role: roles[at] ?? 'plain',
  }))
}

/** Those of one role. Pure. */
export function ofRole(customers: readonly Customer[], role: Role): Customer[] {
  return customers.filter((customer) => customer.role === role)
}

/** A fleet file: the services of `services`, and the customers, each with one model. Pure. */
export function fleetYaml(services: unknown, customers: readonly Customer[]): string {
  const limits = { kind: 'limits', limits: [gate] }
  return stringify({
    services,
    defaults: {
      ...{ trainingService: 'Bird Strikes', predictiveService },
      ...{ endpoint: '{customer}', resourceName: 'Bird Strikes [trained model]' },
      ...{ quietSeconds: 0, maxQuietSeconds: 5, gate: limits },
    },
    customers: Object.fromEntries(customers.map(({ id, role }) => [id, { [model]: ownOf(role, limits) }])),
  })
}

function ownOf(role: Role, limits: object): object | null {
  if (role === 'waiting') return { gate: { ...limits, approval: 'always' } }
  return role === 'deadLetter' ? { trainingService: failingService } : null
}
