import { app } from '@azure/functions'
import { connect, receivedMessage } from '../shared/ports.ts'
import { buryPoison } from '../shared/retraining/buryMessage.ts'

/** Lists a message of `start-requests` that the host gave up on; reconcile settles its run. */
app.storageQueue('buryStartRequest', {
  queueName: 'start-requests-poison',
  connection: 'RETRAIN_STORAGE',
  handler: async (message, context) =>
    buryPoison(await connect(context), 'start-requests', receivedMessage(message, context)),
})
