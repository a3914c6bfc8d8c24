import { app } from '@azure/functions'
import { connect, receivedMessage } from '../shared/ports.ts'
import { workWebhooks } from '../shared/retraining/workWebhooks.ts'

/** Writes the passport of a model that went live, and tells the webhooks what happened. */
app.storageQueue('webhooks', {
  queueName: 'webhooks',
  connection: 'RETRAIN_STORAGE',
  handler: async (message, context) =>
    workWebhooks(await connect(context), receivedMessage(message, context)),
})
