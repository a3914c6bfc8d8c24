import { app } from '@azure/functions'
import { connect, receivedMessage } from '../shared/ports.ts'
import { startRequested } from '../shared/retraining/startRequested.ts'

/** Opens a model's next generation when its drops have waited long enough, and starts its job. */
app.storageQueue('startRequested', {
  queueName: 'start-requests',
  connection: 'RETRAIN_STORAGE',
  handler: async (message, context) =>
    startRequested(await connect(context), receivedMessage(message, context)),
})
