import { z } from 'zod'
import type { Emulator } from '../emulator.ts'
import { type Answer, jsonAnswer } from '../http/answer.ts'
import { bodyInvalid } from '../http/body.ts'

const uploadSchema = z.strictObject({ name: z.string().regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/) })
const hourMs = 3_600_000

/**
 * A place in the emulator's storage for a file that a job is to read: `url` is where it can be PUT for an hour,
 * `relativeLocation` is how the job's input then names it. For those without a tool for blobs at hand.
 */
export async function createUpload(emulator: Emulator, json: unknown): Promise<Answer> {
  const parsed = uploadSchema.safeParse(json)
  if (!parsed.success) throw bodyInvalid(z.prettifyError(parsed.error))
  const relativeLocation = `${emulator.settings.container}/uploads/${parsed.data.name}`
  const nowMs = emulator.realNowMs()
  const validity = { startsAtMs: nowMs - hourMs, expiresAtMs: nowMs + hourMs }
  return jsonAnswer(
    { url: await emulator.blobs.uploadUrl(relativeLocation, validity), relativeLocation },
    201,
  )
}
