/** The training data, or what the experiment asks of them, cannot be trained or scored on; the text names column and line. */
export class TrainingDataError extends Error {
  override readonly name: string = 'TrainingDataError'
}

/** The table would take more cells (rows x columns) than the job may hold. Thrown before the memory is taken. */
export class MemoryExhaustedError extends TrainingDataError {
  override readonly name = 'MemoryExhaustedError'

  /** Source of the wording: ML Studio (classic) module error 0138. */
  constructor(cells: number, maxCells: number) {
    super(
      `Cannot read training data: memory has been exhausted (error 0138): ${cells} or more cells (rows x columns) are more than the ${maxCells} that a job may hold`,
    )
  }
}

/** A file is not a model of this engine, is damaged, of an unknown version, or holds what no model can. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError'
}

/** A text out of a file as an error shows it: 40 characters at most. */
export function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text
}

/** A row to score has a value that its column can't have. */
export class ScoringInputError extends Error {
  override readonly name = 'ScoringInputError'
}
