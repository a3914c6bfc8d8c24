import { app } from '@azure/functions'
import { connect, landedBlobName, receivedMessage, trainingDataTrigger } from '../shared/ports.ts'
import { acceptDrop } from '../shared/retraining/acceptDrop.ts'
import { dropAnnounced } from '../shared/retraining/dropAnnounced.ts'

/** New training data landed: by the blob trigger, or by Event Grid's messages. The binding depends on a setting, read here. */
const trigger = trainingDataTrigger()
if (trigger.kind === 'events') {
  app.storageQueue('trainingData', {
    queueName: 'training-data-events',
    connection: 'RETRAIN_STORAGE',
    handler: async (message, context) =>
      dropAnnounced(await connect(context), receivedMessage(message, context)),
  })
} else {
  app.storageBlob('trainingData', {
    path: 'training-data/{name}',
    connection: 'RETRAIN_STORAGE',
    source: trigger.source,
    handler: async (_content, context) => acceptDrop(await connect(context), landedBlobName(context)),
  })
}
