import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Passport } from '../../shared/retraining/passport.ts'
import { CliError, NotFoundError } from '../errors.ts'

const drop = z.looseObject({
  name: z.string(),
  use: z.string(),
  sha256: z.string().optional(),
  md5: z.string().optional(),
})

/** What verifying looks at; the rest is in the hash only. */
const passport = z.looseObject({
  format: z.literal('retrain-passport/1'),
  customerId: z.string(),
  model: z.string(),
  generation: z.number(),
  sequence: z.number(),
  manifest: z.looseObject({ drops: z.array(drop) }),
  manifestSha256: z.string(),
  modelFile: z.looseObject({ sha256: z.string() }),
  previous: z.looseObject({ sequence: z.number(), generation: z.number(), sha256: z.string() }).nullable(),
  sha256: z.string(),
})
const file = z.union([
  z.array(passport),
  z.looseObject({ passports: z.array(passport) }).transform((value) => value.passports),
  passport.transform((value) => [value]),
])

/** The passports of a file: one, or a chain of them. Throws CliError for a file that holds none. */
export async function readPassports(path: string): Promise<Passport[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new NotFoundError(`Cannot read ${path}: there is no such file`, { cause })
  })
  const found = file.safeParse(parse(path, text))
  if (!found.success || found.data.length === 0)
    throw new CliError(`Cannot verify ${path}: it is no passport`)
  return found.data as unknown as Passport[]
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CliError(`Cannot verify ${path}: it is no JSON`, undefined, { cause })
  }
}

/** The SHA-256 of a file in hex and its MD5 in base64, read as a stream. */
export async function checksumsOf(path: string): Promise<{ sha256: string; md5: string }> {
  const digests = { sha256: createHash('sha256'), md5: createHash('md5') }
  try {
    for await (const chunk of createReadStream(path)) {
      for (const digest of Object.values(digests)) digest.update(chunk as Uint8Array)
    }
  } catch (cause) {
    throw new NotFoundError(`Cannot read ${path}: there is no such file`, { cause })
  }
  return { sha256: digests.sha256.digest('hex'), md5: digests.md5.digest('base64') }
}

/** SHA-256 of a text, in hex. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
