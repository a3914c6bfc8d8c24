import type { LandedBlob } from './drop.ts'
import { type ModelKey, modelPath } from './names.ts'
import type { ResourceLocation } from './services.ts'
import type { Clock, SettingsStore } from './stores.ts'

/** What handing out a place for one upload needs. */
export type OfferUploadPorts = Pick<SettingsStore, 'readSettings'> &
  Pick<Clock, 'now' | 'newId'> & {
    /** Signs writing of this one blob of `training-data`, and nothing else. */
    signUpload(name: string, startsAtMs: number, expiresAtMs: number): Promise<ResourceLocation>
    readBlobFacts(name: string): Promise<LandedBlob | undefined>
  }

/** Where one file may be written until `expiresAtMs`: the blob's name in `training-data`, and its URL, which is a secret. */
export type Upload = { name: string; url: string; expiresAtMs: number }

const validMs = 15 * 60_000
/** Clocks differ: the SAS is valid from a little earlier on. */
const skewMs = 5 * 60_000
const longestUploadMs = 7 * 24 * 3_600_000
const longestFile = 100

/**
 * A write-only SAS for one new blob of a model, valid for 15 minutes; undefined when the model is not known. The app makes
 * up the name, so that no blob which is there can be overwritten by it. The URL is kept nowhere.
 */
export async function offerUpload(
  ports: OfferUploadPorts,
  key: ModelKey,
  file: string,
): Promise<Upload | undefined> {
  if ((await ports.readSettings(key)) === undefined) return undefined
  return sign(ports, uploadName(key, { file, nowMs: ports.now(), id: ports.newId() }))
}

/**
 * The same place for 15 minutes more, while an upload of many blocks is under way: only a name that was offered for this
 * model in the last days, and only as long as there is no blob of that name.
 */
export async function renewUpload(
  ports: OfferUploadPorts,
  key: ModelKey,
  name: string,
): Promise<Upload | 'notOffered' | 'uploaded'> {
  if (!isOffered(key, name, ports.now())) return 'notOffered'
  if ((await ports.readSettings(key)) === undefined) return 'notOffered'
  return (await ports.readBlobFacts(name)) === undefined ? sign(ports, name) : 'uploaded'
}

async function sign(ports: OfferUploadPorts, name: string): Promise<Upload> {
  const nowMs = ports.now()
  const expiresAtMs = nowMs + validMs
  const { baseLocation, relativeLocation, sasBlobToken } = await ports.signUpload(
    name,
    nowMs - skewMs,
    expiresAtMs,
  )
  return { name, url: baseLocation + relativeLocation + sasBlobToken, expiresAtMs }
}

/** Whether a name is one that {@link uploadName} made for this model, a week ago at most. Pure. */
function isOffered(key: ModelKey, name: string, nowMs: number): boolean {
  const prefix = `${modelPath(key)}/`
  const [, date = ''] =
    /^(\d{4}-\d\d-\d\d)\/\d{6}-[0-9a-z]+-[A-Za-z0-9._-]+\.csv$/.exec(name.slice(prefix.length)) ?? []
  return name.startsWith(prefix) && nowMs - Date.parse(`${date}T00:00:00Z`) < longestUploadMs
}

/** `contoso/census/2026-11-21/134500-1b9d6bcd4f3a-march.csv`: a name nobody had before, which sorts by time (UTC). Pure. */
export function uploadName(key: ModelKey, of: { file: string; nowMs: number; id: string }): string {
  const [date = '', time = ''] = new Date(of.nowMs).toISOString().split('T')
  const random = of.id.replaceAll('-', '').slice(0, 12)
  return `${modelPath(key)}/${date}/${time.slice(0, 8).replaceAll(':', '')}-${random}-${fileName(of.file)}`
}

function fileName(file: string): string {
  return `${stemOf(file) || 'drop'}.csv`
}

/** The last part of a path without `.csv`, of letters, digits, dots and dashes, at most 100; may be empty. Pure. */
export function stemOf(file: string): string {
  const last = file.split(/[/\\]/).at(-1) ?? ''
  const stem = last
    .replace(/\.csv$/i, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
  return stem.slice(0, longestFile)
}
