/** The help of `retrain`. */
export const usage = `Works with the local stack that npm start runs.

  retrain drop <customer> <model> <file> [--name NAME]   drop a CSV as a customer's new training data
  retrain status [<customer>]                            every model: its live generation and its newest run

  --json    answer with one JSON object a line
  --help    this text

  npm run retrain -- drop southwest birdstrikes samples/southwest-next.csv
  npm run retrain -- status
  npm run retrain -- status southwest --json
`

/** The user's mistake: one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
