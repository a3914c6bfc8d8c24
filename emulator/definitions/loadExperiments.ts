import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Experiment } from '../experiment.ts'
import type { Definition } from './definition.ts'
import { decodeExperiment } from './schema.ts'
import { splitExperiment } from './splitExperiment.ts'

/** An experiment file, read: its key, its path and what it makes. */
export type LoadedExperiment = { key: string; file: string; definition: Definition }

/**
 * Reads every `*.json` of the folders; a file in a later folder takes the place of one of the same name before.
 * Throws one error that names everything wrong in every file, with its path.
 */
export async function loadExperiments(folders: readonly string[]): Promise<LoadedExperiment[]> {
  const files = new Map<string, string>()
  for (const folder of folders) {
    for (const file of await jsonFiles(folder)) files.set(basename(file, '.json'), file)
  }
  const problems: string[] = []
  const found: { key: string; file: string; experiment: Experiment }[] = []
  for (const [key, file] of files) {
    const read = await readExperiment(file)
    if ('problems' in read) problems.push(...read.problems.map((problem) => `${file}: ${problem}`))
    else found.push(...splitExperiment(key, read.experiment).map((entry) => ({ ...entry, file })))
  }
  for (const { key, file } of found.filter(
    (entry, at) => at > found.findIndex(({ key }) => key === entry.key),
  ))
    problems.push(`${file}: the key "${key}" is taken by another file's predictive section`)
  const experiments = new Map(found.map(({ key, experiment }) => [key, experiment]))
  const loaded = found.map(({ key, file, experiment }) => {
    const definition = define(experiment, experiments)
    if (typeof definition === 'string') problems.push(`${file}: ${definition}`)
    return { key, file, definition }
  })
  if (problems.length > 0) throw new Error(`Cannot load experiments:\n  ${problems.join('\n  ')}`)
  return loaded.filter((entry): entry is LoadedExperiment => typeof entry.definition !== 'string')
}

/**
 * Where a data set that an experiment names is looked for: beside the experiment file, then by its file name in each
 * `--data` place, which is a CSV file or a folder of them.
 */
export function dataSetCandidates(experimentFile: string, name: string, places: readonly string[]): string[] {
  const file = basename(name)
  return [
    resolve(dirname(experimentFile), name),
    ...places.map((place) => (place.endsWith('.csv') ? place : join(place, file))),
  ].filter((candidate) => basename(candidate) === file)
}

async function jsonFiles(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder)
    return names
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => resolve(folder, name))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`Cannot read folder of experiments ${folder}: ${reason}`, { cause: error })
  }
}

async function readExperiment(file: string): ReturnType<typeof decode> {
  return decode(await readFile(file, 'utf8'))
}

async function decode(text: string): Promise<{ experiment: Experiment } | { problems: string[] }> {
  try {
    return decodeExperiment(JSON.parse(text))
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)] }
  }
}

function define(experiment: Experiment, all: ReadonlyMap<string, Experiment>): Definition | string {
  if (experiment.kind === 'training') return { kind: 'training', experiment }
  if (experiment.kind === 'transform') return { kind: 'transform', experiment }
  const training = all.get(experiment.training)
  if (training === undefined) return `training: there is no experiment "${experiment.training}"`
  if (training.kind !== 'training') return `training: "${experiment.training}" is not a training experiment`
  return { kind: 'predictive', experiment, training }
}
