import type { DetectionChange } from '../detection/report.ts'
import type { Style } from '../lib/terminal/style.ts'
import { renderCount, renderDuration } from '../lib/text/format.ts'
import { escapeInvisible, toVisibleLine } from '../lib/text/visible.ts'
import { levelOf, type ServeEvent } from '../server/serve-request.ts'
import type { UpstreamChange, WatchEvent } from '../sync/watch/watch-events.ts'

/** One JSON object per line: `level`, `time`, `pid`, `event`, and the fields of the event. */
const json: LogFormat = async ({ stream, now, pid, redact, level }) => {
  const { default: pino } = await import('pino')
  const logger = pino(
    {
      base: { pid },
      level,
      timestamp: () => `,"time":"${new Date(now()).toISOString()}"`,
      formatters: { level: level => ({ level }), log: event => withoutSecrets(event, redact) },
    },
    { write: line => stream.write(escapeInvisible(line)) },
  )
  return (event: ServeEvent) => logger[levelOf(event)](event)
}

// Redacts before the line is built: in JSON, a secret may contain escapes.
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

/** Keys of every line; an event must not repeat them. */
const reserved = new Set(['level', 'time', 'pid', 'msg'])

/** Maximum number of changes named in a line. */
const maxChanges = 5
const levels = ['debug', 'info', 'warn', 'error']
const longestName = 'reloaded'.length

/** One line for people: time, event, description. */
const pretty: LogFormat = async ({ stream, now, style, redact, level }) => {
  return event => {
    if (levels.indexOf(levelOf(event)) < levels.indexOf(level)) return
    const time = new Date(now()).toISOString().slice(0, 19)
    const name = paintName(event, style)
    stream.write(`${style.dim(`${time}Z`)} ${name} ${toVisibleLine(redact(describe(event)))}\n`)
  }
}

function paintName(event: ServeEvent, style: Style): string {
  const name = event.event.padEnd(longestName)
  const level = levelOf(event)
  if (level === 'error') return style.red(name)
  return level === 'warn' ? style.yellow(name) : style.green(name)
}

function describe(event: ServeEvent): string {
  switch (event.event) {
    case 'started':
      return `syncing ${event.home}`
    case 'synced':
      return [describeChanges(event), ...event.warnings].join('; ')
    case 'failed':
      return describeFailure(event)
    case 'reloaded':
      return event.files.length === 0 ? 'no configuration file' : `read ${event.files.join(', ')}`
    case 'upgraded':
      return event.message
    case 'edited':
      return `${event.registries.join(', ')}: syncing again`
    case 'listening':
      return `${event.home} at ${event.url}`
    case 'exposed':
      return `the traffic of ${event.url} is not encrypted, tokens included: use --cert and --key`
    case 'unlinked':
      return `the page has no link for its owner: ${event.error}`
    case 'unpolled':
      return `process ${event.pid} already syncs this home`
    case 'answered':
      return `${event.method} ${event.route ?? 'unknown route'} ${event.status} ${renderDuration(event.duration_ms)}`
    case 'written':
      return describeWrite(event)
    case 'unrecorded':
      return `a rejected write could not be recorded in the audit log: ${event.error}`
    case 'defect':
      return `${event.method}: ${event.error}`
    case 'stopped':
      return 'stopped listening'
    case 'stopping':
      return event.reason === 'displaced'
        ? 'another process has taken over this home'
        : `received ${event.reason}`
  }
}

function describeWrite(event: Extract<ServeEvent, { event: 'written' }>): string {
  const unknown = event.role === 'owner' ? "the owner's page" : 'an anonymous client'
  const who = event.token === null ? unknown : `${event.role} (${event.token})`
  const what = [event.registry ?? 'no registry', ...(event.id === null ? [] : [event.id])].join('/')
  return `${event.method} ${what} by ${who}: ${event.outcome}, ${event.status}`
}

function describeChanges({
  changes,
  upstreams,
  duration_ms,
}: Extract<WatchEvent, { event: 'synced' }>): string {
  const took = `in ${renderDuration(duration_ms)}`
  const changed = [...upstreams.map(describeUpstream), ...describeDetections(changes)]
  if (changed.length === 0) return `no changes, ${took}`
  const counts = upstreams.map(({ created, updated, removed }) => created + updated + removed)
  const count = counts.reduce((sum, some) => sum + some, changes.length)
  return `${renderCount(count, 'change')} ${took}: ${changed.join(', ')}`
}

function describeDetections(changes: readonly DetectionChange[]): string[] {
  const named = changes
    .slice(0, maxChanges)
    .map(({ ref, field, from, to }) => `${ref} ${field} ${from ?? '–'} → ${to ?? '–'}`)
  const more = changes.length - named.length
  return more > 0 ? [...named, `${more} more`] : named
}

function describeUpstream({ registry, created, updated, removed }: UpstreamChange): string {
  return `${registry} ${created} new ${updated} changed ${removed} removed`
}

function describeFailure(event: Extract<WatchEvent, { event: 'failed' }>): string {
  const { error, hint, failures, warnings } = event
  const often = failures > 1 ? ` (${failures} times in a row)` : ''
  return [`${error}${often}${hint === null ? '' : `: ${hint}`}`, ...warnings].join('; ')
}

/** Formats of `sync --watch` and `serve`, by name. */
export const logFormats = { pretty, json } as const satisfies Record<string, LogFormat>

/** Writes one event as one line. */
export type WriteEvent = (event: ServeEvent) => void

interface LogTarget {
  readonly stream: { readonly write: (line: string) => void }
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number
  readonly pid: number
  readonly style: Style
  /** Hides secrets. */
  readonly redact: (text: string) => string
  /** Less important events are omitted. */
  readonly level: 'debug' | 'info' | 'warn'
}

/** A log format of the daemon and the server. */
type LogFormat = (target: LogTarget) => Promise<WriteEvent>
