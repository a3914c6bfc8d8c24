/** Content in blocks of `blockBytes` (the last one may be shorter), whatever the sizes of its chunks; empty content has none. */
export async function* blocksOf(
  content: Uint8Array | AsyncIterable<Uint8Array>,
  blockBytes: number,
): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array && content.byteLength <= blockBytes) {
    if (content.byteLength > 0) yield content
    return
  }
  const block = Buffer.allocUnsafe(blockBytes)
  let filled = 0
  for await (const chunk of content instanceof Uint8Array ? [content] : content) {
    for (let offset = 0; offset < chunk.byteLength; ) {
      const part = chunk.subarray(offset, offset + blockBytes - filled)
      block.set(part, filled)
      filled += part.byteLength
      offset += part.byteLength
      if (filled < blockBytes) continue
      yield Uint8Array.from(block)
      filled = 0
    }
  }
  if (filled > 0) yield Uint8Array.from(block.subarray(0, filled))
}
