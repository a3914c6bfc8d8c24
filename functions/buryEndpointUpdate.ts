import { app } from '@azure/functions'
import { connect, receivedMessage } from '../shared/ports.ts'
import { buryPoison } from '../shared/retraining/buryMessage.ts'

/** Lists a message of `endpoint-updates` that the host gave up on; reconcile settles its run. */
app.storageQueue('buryEndpointUpdate', {
  queueName: 'endpoint-updates-poison',
  connection: 'RETRAIN_STORAGE',
  handler: async (message, context) =>
    buryPoison(await connect(context), 'endpoint-updates', receivedMessage(message, context)),
})
