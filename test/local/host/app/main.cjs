// The app that the conformance tests run on a host. What a function does is decided by the test: each tells the witness
// (WITNESS_URL) what it was given, and does what the answer says. FUNCTIONS names those that are registered.
const { app, output } = require('@azure/functions')

const chosen = (process.env.FUNCTIONS ?? '').split(',').filter(Boolean)
const storage = 'AzureWebJobsStorage'
if (process.env.STREAMS === 'true') app.setup({ enableHttpStream: true })
if (process.env.THROWS_AT_LOAD !== undefined) throw new Error(process.env.THROWS_AT_LOAD)

async function tell(context, input) {
  const told = {
    functionName: context.functionName,
    invocationId: context.invocationId,
    input: Buffer.isBuffer(input) ? input.toString('utf8') : input,
    metadata: context.triggerMetadata ?? {},
    retryCount: context.retryContext?.retryCount,
    workerPid: process.pid,
  }
  const response = await fetch(process.env.WITNESS_URL, { method: 'POST', body: JSON.stringify(told) })
  return obey(await response.json())
}

function obey({ do: what, value }) {
  switch (what) {
    case 'return':
      return value
    case 'throw':
      throw new Error(value)
    case 'rejectUnhandled':
      void Promise.reject(new Error(value))
      return new Promise(() => {})
    case 'exit':
      return process.exit(7)
    case 'register':
      app.timer('late', { schedule: '0 0 0 1 1 *', handler: () => {} })
  }
}

const triggers = {
  work: () =>
    app.storageQueue('work', {
      queueName: '%WORK_QUEUE%',
      connection: storage,
      handler: (message, context) => tell(context, message),
    }),
  other: () =>
    app.storageQueue('other', {
      queueName: '%OTHER_QUEUE%',
      connection: storage,
      handler: (message, context) => tell(context, message),
    }),
  fan: () =>
    app.storageQueue('fan', {
      queueName: '%FAN_QUEUE%',
      connection: storage,
      return: output.storageQueue({ queueName: '%OTHER_QUEUE%', connection: storage }),
      extraOutputs: [
        output.storageBlob({ path: '%OUT_CONTAINER%/{id}.txt', connection: storage, name: 'copy' }),
      ],
      handler: async (message, context) => {
        context.extraOutputs.set('copy', `copy of ${message.id}`)
        return tell(context, message)
      },
    }),
  landed: () =>
    app.storageBlob('landed', {
      path: '%CONTAINER%/{customer}/{name}.csv',
      connection: storage,
      ...(process.env.BLOB_SOURCE === undefined ? {} : { source: process.env.BLOB_SOURCE }),
      handler: (blob, context) => tell(context, blob),
    }),
  tick: () =>
    app.timer('tick', {
      schedule: '%TICK_SCHEDULE%',
      ...(process.env.RUN_ON_STARTUP === 'true' ? { runOnStartup: true } : {}),
      handler: (timer, context) => tell(context, timer),
    }),
  retried: () =>
    app.timer('retried', {
      schedule: '0 0 0 1 1 *',
      retry: { strategy: 'fixedDelay', maxRetryCount: 2, delayInterval: { milliseconds: 0 } },
      handler: (timer, context) => tell(context, timer),
    }),
  echo: () =>
    app.http('echo', {
      route: 'echo/{name?}',
      methods: ['GET', 'POST'],
      authLevel: 'anonymous',
      handler: async (request, context) => ({
        status: 201,
        headers: { 'x-method': request.method },
        cookies: [{ name: 'seen', value: 'yes', path: '/' }],
        jsonBody: {
          name: request.params.name,
          query: request.query.get('q'),
          header: request.headers.get('x-given'),
          body: await request.text(),
          traceParent: context.traceContext?.traceParent,
        },
      }),
    }),
  locked: () => app.http('locked', { authLevel: 'function', handler: () => ({ body: 'open' }) }),
  master: () => app.http('master', { authLevel: 'admin', handler: () => ({ body: 'open' }) }),
  ask: () =>
    app.http('ask', { authLevel: 'anonymous', handler: (request, context) => tell(context, request.url) }),
}
for (const name of chosen) triggers[name]()
