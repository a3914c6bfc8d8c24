import { createHash } from 'node:crypto'
import { ModelFileError } from '../errors.ts'
import { ProtobufWriter } from './protobufWriter.ts'

/** What every file of ours begins with: ir_version 8, producer_name `mlclassic`. */
const beginning = Buffer.from([0x08, 0x08, 0x12, 0x09, ...Buffer.from('mlclassic')])
const sealLength = encodeSeal(beginning).length

/** The file's last field: the metadata_props entry with the SHA-256 of all bytes before it. */
export function encodeSeal(content: Uint8Array): Uint8Array {
  const digest = createHash('sha256').update(content).digest('hex')
  const writer = new ProtobufWriter()
  return writer.message(14, (entry) => entry.text(1, 'mlclassic.sha256').text(2, digest)).finish()
}

/** Returns the content before the seal; throws ModelFileError where it is another file's or not what was sealed. */
export function openSeal(file: Uint8Array): Uint8Array {
  if (!beginning.equals(file.subarray(0, beginning.length))) {
    throw new ModelFileError('Cannot read the model file: it is not a model that this emulator trained')
  }
  const content = file.subarray(0, Math.max(file.length - sealLength, 0))
  if (!Buffer.from(encodeSeal(content)).equals(file.subarray(content.length))) {
    throw new ModelFileError('Cannot read the model file: it is damaged or cut off (its checksum is another)')
  }
  return content
}
