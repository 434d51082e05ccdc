import type { Readable } from 'node:stream'

export interface OutputCollector {
  /** Settles when both pipes are closed by everybody who could write to them. */
  readonly ended: Promise<void>
  isEnded(): boolean
  /** Stops reading. */
  close(): void
  text(): { stdout: string; stderr: string; truncated: boolean }
}

/** Reads both streams to their end, keeps the first `maxBytes` of each and discards the rest. */
export function collectOutput(
  streams: { readonly stdout: Readable; readonly stderr: Readable },
  maxBytes: number,
): OutputCollector {
  const stdout = collectStream(streams.stdout, maxBytes)
  const stderr = collectStream(streams.stderr, maxBytes)
  let isEnded = false
  const ended = Promise.all([stdout.ended, stderr.ended]).then(() => {
    isEnded = true
  })
  return {
    ended,
    isEnded: () => isEnded,
    close: () => {
      streams.stdout.destroy()
      streams.stderr.destroy()
    },
    text: () => ({
      stdout: stdout.text(),
      stderr: stderr.text(),
      truncated: stdout.isTruncated() || stderr.isTruncated(),
    }),
  }
}

function collectStream(stream: Readable, maxBytes: number) {
  const chunks: Uint8Array[] = []
  let kept = 0
  let isTruncated = false
  stream.on('data', (chunk: Uint8Array) => {
    const part = chunk.subarray(0, maxBytes - kept)
    if (part.length < chunk.length) isTruncated = true
    if (part.length === 0) return
    // A copy: the part would keep the whole chunk alive.
    chunks.push(part.length < chunk.length ? part.slice() : part)
    kept += part.length
  })
  const ended = new Promise<void>(resolve => {
    stream.once('close', resolve)
    // Destroying a pipe in mid-read is an error on some systems; what was read counts all the same.
    stream.once('error', () => resolve())
  })
  return {
    ended,
    isTruncated: () => isTruncated,
    // `stream` drops a character that was cut in half at the end.
    text: () => new TextDecoder('utf-8').decode(Buffer.concat(chunks), { stream: isTruncated }),
  }
}
