import type { Experiment, PredictiveExperiment, TrainingExperiment } from '../experiment.ts'

/** The experiments that one file makes: a training experiment with a predictive section makes two. */
export function splitExperiment(
  key: string,
  experiment: Experiment,
): { key: string; experiment: Experiment }[] {
  if (experiment.kind !== 'training' || experiment.predictive === undefined) return [{ key, experiment }]
  const { predictive, ...training } = experiment
  return [
    { key, experiment: training },
    { key: `${key}-predictive`, experiment: predictiveOf(key, training, predictive) },
  ]
}

function predictiveOf(
  key: string,
  training: TrainingExperiment,
  section: NonNullable<TrainingExperiment['predictive']>,
): PredictiveExperiment {
  const { trainedOn, resourceName = `${training.name} [trained model]`, ...given } = section
  return {
    kind: 'predictive',
    name: `${training.name} [predictive exp.]`,
    training: key,
    inputPort: 'input1',
    outputPort: 'output1',
    ...given,
    trainedModel: { resourceName, trainedOn },
  }
}
