import { app } from '@azure/functions'
import { connect } from '../shared/ports.ts'
import { ticked } from '../shared/retraining/ticks.ts'
import { workSchedules } from '../shared/retraining/workSchedules.ts'

/** Starts the models whose schedule is due. */
app.timer('schedules', {
  schedule: '%SCHEDULES_SCHEDULE%',
  handler: async (_timer, context) => ticked(await connect(context), 'schedules', workSchedules),
})
