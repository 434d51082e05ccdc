import { levelOf, type ServeEvent } from '../server/serve-event.ts'
import type { LogFormat } from './log-format.ts'

// What JSON leaves as it is, and a terminal or a reader of lines does not: DEL, C1, bidi controls, line separators.
const untamed = /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** One JSON object a line: `level`, `time`, `pid`, `event`, and what belongs to the event. */
export const json: LogFormat = async ({ stream, now, pid, redact, leastLevel }) => {
  const { default: pino } = await import('pino')
  const logger = pino(
    {
      base: { pid },
      level: leastLevel,
      timestamp: () => `,"time":"${new Date(now()).toISOString()}"`,
      formatters: { level: level => ({ level }), log: event => withoutSecrets(event, redact) },
    },
    { write: line => stream.write(line.replace(untamed, toEscape)) },
  )
  return (event: ServeEvent) => logger[levelOf(event)](event)
}

// Before the line is made: in it a secret may be written with escapes.
function withoutSecrets(event: object, redact: (text: string) => string): Record<string, unknown> {
  const clean: Record<string, unknown> = JSON.parse(
    JSON.stringify(event, (_, value) => (typeof value === 'string' ? redact(value) : value)),
  )
  const renamed = Object.entries(clean).map(([key, value]) => [
    reserved.has(key) ? `event_${key}` : key,
    value,
  ])
  return Object.fromEntries(renamed)
}

/** Keys that each line has of its own: a second one would hide the first, or be hidden by it. */
const reserved = new Set(['level', 'time', 'pid', 'msg'])

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
