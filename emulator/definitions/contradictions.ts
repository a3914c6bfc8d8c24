import type { Experiment, TrainingExperiment, TransformExperiment } from '../experiment.ts'
import { inputPorts, transformSteps } from './definition.ts'

/** What the shape of an experiment alone does not forbid: names used twice, or named and not there. */
export function contradictions(experiment: Experiment): string[] {
  if (experiment.kind === 'predictive') return []
  if (experiment.kind === 'training') return inTraining(experiment)
  return inTransform(experiment)
}

function inTraining({ columns, label, outputs }: TrainingExperiment): string[] {
  const names = columns.map((column) => column.name)
  return [
    ...twice('columns', names),
    ...(names.includes(label.column) ? [`label.column: "${label.column}" is also an input column`] : []),
    ...(outputs.model === outputs.evaluation ? ['outputs: model and evaluation need a port each'] : []),
  ]
}

function inTransform(experiment: TransformExperiment): string[] {
  const steps = transformSteps(experiment)
  const inputs = inputPorts({ kind: 'transform', experiment })
  const strange = steps.flatMap((step, at) =>
    inputs.includes(step.from)
      ? []
      : [`furtherOutputs[${at - 1}].from: there is no input port "${step.from}"`],
  )
  return [
    ...[experiment, ...(experiment.furtherInputs ?? [])].flatMap(({ columns }, at) =>
      twice(
        at === 0 ? 'columns' : `furtherInputs[${at - 1}].columns`,
        columns.map((column) => column.name),
      ),
    ),
    ...twice('furtherInputs', inputs),
    ...twice(
      'furtherOutputs',
      steps.map((step) => step.port),
    ),
    ...(strange.length > 0 ? strange : steps.flatMap(inStep)),
  ]
}

function inStep({ columns, select, featureHashing }: ReturnType<typeof transformSteps>[number], at: number) {
  const prefix = at === 0 ? '' : `furtherOutputs[${at - 1}].`
  const unknown = select.flatMap((name, place) =>
    columns.some((column) => column.name === name)
      ? []
      : [`${prefix}select[${place}]: "${name}" is not among the columns`],
  )
  if (featureHashing === undefined || select.includes(featureHashing.column)) return unknown
  return [...unknown, `${prefix}featureHashing.column: "${featureHashing.column}" is not selected`]
}

function twice(path: string, names: readonly string[]): string[] {
  return names
    .filter((name, at) => names.indexOf(name) !== at)
    .map((name) => `${path}: "${name}" is there twice`)
}
