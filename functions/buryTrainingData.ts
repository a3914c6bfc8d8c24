import { app } from '@azure/functions'
import { connect, receivedMessage } from '../shared/ports.ts'
import { buryPoison } from '../shared/retraining/buryMessage.ts'

/** Lists a landed blob that the host gave up on; the sweep takes it again. */
app.storageQueue('buryTrainingData', {
  queueName: 'webjobs-blobtrigger-poison',
  connection: 'RETRAIN_STORAGE',
  handler: async (message, context) =>
    buryPoison(await connect(context), 'webjobs-blobtrigger', receivedMessage(message, context)),
})
