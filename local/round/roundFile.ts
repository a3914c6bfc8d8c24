import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Quality } from './metrics.ts'

/** How far a customer's main job is in this round. */
export type CustomerRound = {
  /** The endpoint before the drop: the live generation and how well it scored. */
  before: { generation: number; quality: Quality }
  /** The drop's blob name and when it was sent (epoch milliseconds). */
  drop: { name: string; atMs: number }
}

/** `.local/round.json`: the round that is under way, so that a start after a crash goes on with it. */
export type RoundFile = { version: 1; isOver: boolean; customers: Record<string, CustomerRound> }

const fileName = 'round.json'
const fresh: RoundFile = { version: 1, isOver: false, customers: {} }

/** The round that was under way when the stack last ended, or a new one. */
export function readRound(folder: string): RoundFile {
  try {
    const file = JSON.parse(readFileSync(join(folder, fileName), 'utf8')) as RoundFile
    return file.version === 1 && !file.isOver ? file : fresh
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return fresh
    throw error
  }
}

/** Writes how far the round is; a crash leaves the old file or the new one. */
export function writeRound(folder: string, round: RoundFile): void {
  const path = join(folder, fileName)
  writeFileSync(`${path}.new`, `${JSON.stringify(round, null, 2)}\n`)
  renameSync(`${path}.new`, path)
}
