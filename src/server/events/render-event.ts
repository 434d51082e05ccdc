/** An event in the form of server-sent events, without its id. JSON has no line breaks of its own. */
export function renderEvent(name: EventName, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}

/** All events that a stream may tell of. */
export type EventName = 'change' | 'freshness' | 'access' | 'reset' | 'goodbye' | 'readings'
