import { type GatewayOptions, type RunningGateway, startGateway } from './startGateway.ts'

/** Where the gateway listens unless told otherwise. */
export const defaultPort = 8160

/** Starts on the port that was asked for, or on the default one; that may be taken: then a free one is as good. */
export async function startOnSomePort(options: GatewayOptions): Promise<RunningGateway> {
  if (options.port !== undefined) return startGateway(options)
  try {
    return await startGateway({ ...options, port: defaultPort })
  } catch (error) {
    const isTaken = error instanceof Error && (error.cause as NodeJS.ErrnoException)?.code === 'EADDRINUSE'
    if (!isTaken) throw error
    return startGateway({ ...options, port: 0 })
  }
}
