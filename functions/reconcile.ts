import { app } from '@azure/functions'
import { connect } from '../shared/ports.ts'
import { reconcile } from '../shared/retraining/reconcile.ts'
import { ticked } from '../shared/retraining/ticks.ts'

/** Sets going again what a lost event, a crash or a cleared queue left behind. */
app.timer('reconcile', {
  schedule: '%RECONCILE_SCHEDULE%',
  handler: async (_timer, context) => ticked(await connect(context), 'reconcile', reconcile),
})
