import { app } from '@azure/functions'
import { connect, receivedMessage } from '../shared/ports.ts'
import { buryPoison } from '../shared/retraining/buryMessage.ts'

/** Lists a message of `webhooks` that the host gave up on; reconcile asks again for what was not told. */
app.storageQueue('buryWebhook', {
  queueName: 'webhooks-poison',
  connection: 'RETRAIN_STORAGE',
  handler: async (message, context) =>
    buryPoison(await connect(context), 'webhooks', receivedMessage(message, context)),
})
