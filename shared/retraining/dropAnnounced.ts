import { type AcceptDropPorts, acceptDrop } from './acceptDrop.ts'
import { type BuryMessagePorts, buryUnknown, type ReceivedMessage } from './buryMessage.ts'

/** What working off an event of storage needs. */
export type DropAnnouncedPorts = AcceptDropPorts &
  BuryMessagePorts & { decodeBlobCreated(body: unknown): string | undefined }

/** Accepts the drop that an event in `training-data-events` tells of. */
export async function dropAnnounced(ports: DropAnnouncedPorts, received: ReceivedMessage): Promise<void> {
  const name = ports.decodeBlobCreated(received.body)
  if (name === undefined) return buryUnknown(ports, 'training-data-events', received)
  await acceptDrop(ports, name)
}
