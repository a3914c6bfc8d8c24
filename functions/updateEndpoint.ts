import { app } from '@azure/functions'
import { connect, receivedMessage } from '../shared/ports.ts'
import { updateEndpoint } from '../shared/retraining/updateEndpoint.ts'

/** Installs a trained model on its customer's endpoint, or checks that the endpoint answers with it. */
app.storageQueue('updateEndpoint', {
  queueName: 'endpoint-updates',
  connection: 'RETRAIN_STORAGE',
  handler: async (message, context) =>
    updateEndpoint(await connect(context), receivedMessage(message, context)),
})
