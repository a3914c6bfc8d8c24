import { app } from '@azure/functions'
import { connect, receivedMessage } from '../shared/ports.ts'
import { buryPoison } from '../shared/retraining/buryMessage.ts'

/** Lists an event of storage that the host gave up on; the sweep finds its blob. */
app.storageQueue('buryTrainingDataEvent', {
  queueName: 'training-data-events-poison',
  connection: 'RETRAIN_STORAGE',
  handler: async (message, context) =>
    buryPoison(await connect(context), 'training-data-events', receivedMessage(message, context)),
})
