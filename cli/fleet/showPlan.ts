import type { FieldChange, PlanStep } from '../../shared/fleet/plan.ts'
import type { Cli } from '../cli.ts'
import type { Part } from '../output/text.ts'
import type { FleetPlan } from './planFleet.ts'

const mostShown = 40
const longestValue = 60
const signs = {
  add: { text: '+', colour: 'good' },
  change: { text: '~', colour: 'warn' },
  remove: { text: '-', colour: 'bad' },
} as const satisfies Record<PlanStep<object>['kind'], Part>

/** Shows what is going to happen; of a long plan the beginning, unless `all`. */
export function showPlan(cli: Pick<Cli, 'out'>, plan: FleetPlan, all: boolean): void {
  const rows = [
    ...plan.training.map((step) => rowOf('training service', step)),
    ...plan.predictive.map((step) => rowOf('predictive service', step)),
    ...plan.models.map((step) => rowOf('model', step)),
  ]
  const shown = all ? rows : rows.slice(0, mostShown)
  if (shown.length > 0) cli.out.table(['', 'what', 'name', 'change'], shown)
  if (shown.length < rows.length)
    cli.out.line(`... and ${rows.length - shown.length} more (--all shows them)`)
}

function rowOf(what: string, step: PlanStep<object>): Part[] {
  return [signs[step.kind], what, step.name, changeText(step)]
}

function changeText(step: PlanStep<object>): string {
  switch (step.kind) {
    case 'add':
      return addedText(step.to as { endpoint?: string; trainingService?: string })
    case 'change':
      return step.changes.map(fieldText).join(', ')
    case 'remove':
      return 'off-boarded: its endpoint is deleted, its history stays'
  }
}

function addedText({ endpoint, trainingService }: { endpoint?: string; trainingService?: string }): string {
  return endpoint === undefined ? '' : `endpoint ${endpoint}, trained by ${trainingService}`
}

function fieldText({ field, from, to }: FieldChange): string {
  if (from === undefined) return `${field}: ${valueText(to)}`
  return `${field}: ${valueText(from)} -> ${to === undefined ? 'usual' : valueText(to)}`
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text
}

/** `2 added, 1 changed`: how much a plan does. Pure. */
export function countText(plan: FleetPlan, verbs: Record<PlanStep<object>['kind'], string>): string {
  const steps = [...plan.training, ...plan.predictive, ...plan.models]
  const kinds = ['add', 'change', 'remove'] as const
  const counts = kinds.map((kind) => [kind, steps.filter((step) => step.kind === kind).length] as const)
  return counts
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${verbs[kind]} ${count}`)
    .join(', ')
}
