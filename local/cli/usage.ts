/** The help of `retrain`. */
export const usage = `Works with the local stack that npm start runs.

  retrain drop <customer> <model> <file> [--name NAME]   drop a CSV as a customer's new training data
  retrain status [<customer>]                            every model: its live generation and its newest run

  retrain subscriptions list                             who may call through the gateway
  retrain subscriptions add <name> [--product NAME] [--endpoint-key env:NAME]
                                                         a new subscription (Starter); shows its two keys, once
  retrain subscriptions rotate <name> [primary|secondary]  a new key in place of the one; shows it, once
  retrain subscriptions suspend|activate <name>          its keys stop working, or work again
  retrain usage [<name>] [--hours N]                     calls of the last hours (24), by subscription and operation

  --storage CONNECTION   where a gateway keeps subscriptions and usage (the running stack's, else .local/gateway)

  --json    answer with one JSON object a line
  --help    this text

Exit codes: 0 done; 1 it cannot be done, e.g. no stack runs; 2 wrong arguments, or a drop for a customer or model that
the stack does not know: it is kept in training-data, unclaimed, until they are added.

  npm run retrain -- drop southwest birdstrikes samples/southwest-next.csv
  npm run retrain -- status
  npm run retrain -- status southwest --json
`

/** The user's mistake: one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
