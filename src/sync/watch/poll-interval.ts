import { isJsonObject } from '../../lib/json/json-value.ts'
import type { LoadedRegistry } from '../../registry/snapshot.ts'

/** What counts as an interval, in seconds: from a second to a day, as in the schema. */
const bounds = { least: 1, most: 86_400 } as const
const defaultSeconds = 60

/**
 * Time between two polls of a home in seconds: what its `sync_protocol` says, else its `metadata`, else 60. A document
 * that is broken somewhere else still says it.
 */
export function pollIntervalSeconds(hyper: Pick<LoadedRegistry<'hyper'>, 'content' | 'text'>): number {
  if (hyper.content) return hyper.content.sync_protocol.interval_seconds
  const document = parseLeniently(hyper.text)
  return (
    secondsAt(document, 'sync_protocol', 'interval_seconds') ??
    secondsAt(document, 'metadata', 'sync_interval_seconds') ??
    defaultSeconds
  )
}

function parseLeniently(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function secondsAt(document: unknown, section: string, key: string): number | undefined {
  const part = isJsonObject(document) ? document[section] : undefined
  const seconds = isJsonObject(part) ? part[key] : undefined
  const isUsable =
    Number.isInteger(seconds) && Number(seconds) >= bounds.least && Number(seconds) <= bounds.most
  return isUsable ? Number(seconds) : undefined
}
