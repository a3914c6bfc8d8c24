import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StackPorts } from './choosePorts.ts'

const names: readonly (keyof StackPorts)[] = ['functions', 'emulator', 'blob', 'queue', 'table']

/**
 * The ports of the stack that had this folder last: fleet files, settings and endpoints name the emulator's and the storage's
 * addresses, so that an operator's own fleet works only where it began. Empty where there was none, or its file is damaged.
 */
export function readLastPorts(folder: string): Partial<StackPorts> {
  try {
    const read = JSON.parse(readFileSync(fileOf(folder), 'utf8')) as Partial<Record<string, unknown>>
    const valid = names.filter((name) => Number.isInteger(read[name]))
    return Object.fromEntries(valid.map((name) => [name, read[name]]))
  } catch {
    return {}
  }
}

/** Keeps the ports for the next start. */
export function writeLastPorts(folder: string, ports: StackPorts): void {
  writeFileSync(fileOf(folder), `${JSON.stringify(ports)}\n`)
}

const fileOf = (folder: string) => join(folder, 'ports.json')
