import { app } from '@azure/functions'
import { connect } from '../shared/ports.ts'
import { ticked } from '../shared/retraining/ticks.ts'
import { workRetention } from '../shared/retraining/workRetention.ts'

/** Removes what has outlived its time. */
app.timer('retention', {
  schedule: '%RETENTION_SCHEDULE%',
  handler: async (_timer, context) => ticked(await connect(context), 'retention', workRetention),
})
