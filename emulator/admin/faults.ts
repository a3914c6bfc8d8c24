import type { Endpoint } from '../state/records.ts'
import type { Fault, FaultKind, Operation } from './fault.ts'

/** The faults that wait to happen. Without any, every question is answered at once. */
export type Faults = {
  add(fault: Fault): void
  list(): readonly Fault[]
  clear(): void
  /** The next fault of this kind for this endpoint and operation, used up once; undefined when there is none. */
  take<K extends FaultKind>(kind: K, aim: Aim): Extract<Fault, { kind: K }> | undefined
  /** As `take`, without using it up. */
  peek<K extends FaultKind>(kind: K, aim: Aim): Extract<Fault, { kind: K }> | undefined
}

/** What is just being done, and to which endpoint. */
export type Aim = { operation?: Operation; endpoint?: Endpoint | undefined }

/** No faults yet. */
export function createFaults(): Faults {
  let faults: Fault[] = []
  const find = <K extends FaultKind>(kind: K, aim: Aim) =>
    faults.find((fault): fault is Extract<Fault, { kind: K }> => fault.kind === kind && isAt(fault, aim))
  return {
    add: (fault) => faults.push(fault),
    list: () => faults,
    clear() {
      faults = []
    },
    peek: find,
    take(kind, aim) {
      if (faults.length === 0) return undefined
      const fault = find(kind, aim)
      if (fault !== undefined && --fault.count <= 0) faults = faults.filter((other) => other !== fault)
      return fault
    },
  }
}

function isAt(fault: Fault, { operation, endpoint }: Aim): boolean {
  if ('operation' in fault && fault.operation !== undefined && fault.operation !== operation) return false
  return fault.endpoint === undefined || fault.endpoint === endpoint?.id || fault.endpoint === endpoint?.name
}
