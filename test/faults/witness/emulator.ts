/** A job as the emulator's admin lists it; instants are ISO texts. */
export type WitnessedJob = {
  id: string
  status: string
  /** `training-sets/...`: the one immutable blob that its generation trains on. */
  input: string | null
  startedAt: string | null
  finishedAt: string | null
}

/** An endpoint with the models that PATCHes named, in order. */
export type WitnessedEndpoint = {
  name: string
  resources: { relativeLocation: string; updates?: { relativeLocation: string; atMs: number }[] }[]
}

/** Asks the emulator itself, past the proxy. */
export type EmulatorWitness = {
  jobs(): Promise<WitnessedJob[]>
  endpoints(): Promise<WitnessedEndpoint[]>
}

/** A witness of the emulator at this address. */
export function createEmulatorWitness(url: string): EmulatorWitness {
  const get = async (path: string) => {
    const answer = await fetch(`${url}/admin/${path}`, { signal: AbortSignal.timeout(20_000) })
    if (!answer.ok) throw new Error(`Cannot ask the emulator for ${path}: ${answer.status}`)
    return answer.json()
  }
  return {
    jobs: async () => (await get('jobs')) as WitnessedJob[],
    endpoints: async () => (await get('endpoints')) as WitnessedEndpoint[],
  }
}
