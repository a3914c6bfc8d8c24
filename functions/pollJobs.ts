import { app } from '@azure/functions'
import { connect } from '../shared/ports.ts'
import { pollJobs } from '../shared/retraining/pollJobs.ts'
import { ticked } from '../shared/retraining/ticks.ts'

/** Asks the training web services about every job that is due and moves its run one step on. */
app.timer('pollJobs', {
  schedule: '%POLL_SCHEDULE%',
  handler: async (_timer, context) => ticked(await connect(context), 'pollJobs', pollJobs),
})
