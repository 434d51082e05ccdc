import type { ChangeDocument } from '../model/change-schema.ts'
import type { DashboardView } from '../model/dashboard-view.ts'
import { type Canvas, type Line, quoteReading, say, type TextTone } from './canvas.ts'
import { flowItems } from './layout.ts'

const dayMs = 86_400_000

/** Most changes that are shown: a first sync finds everything. */
const mostChanges = 12

/** What has changed in the last 24 hours, the newest first. */
export function drawChanges(view: DashboardView, canvas: Canvas): Line[] {
  const now = Date.parse(view.generated_at)
  const recent = view.changes.filter(({ time }) => Date.parse(time) > now - dayMs)
  const names = toNames(view)
  const shown = recent.slice(0, mostChanges)
  const more = Math.max(recent.length, view.changes_last_day) - shown.length
  const items = shown.map(change => drawChange(change, names.get(change.ref) ?? toId(change.ref), canvas))
  const rest: Line[] =
    more > 0 && shown.length > 0 ? [[say(`and ${more} more: nexus-registry changes`, 'faint')]] : []
  return flowItems([...items, ...rest], canvas)
}

function toNames({ sections, problems }: DashboardView): ReadonlyMap<string, string> {
  const cards = sections.flatMap(section => section.cards)
  return new Map([
    ...cards.flatMap(({ subject, name }): [string, string][] => (subject === null ? [] : [[subject, name]])),
    ...problems.map(({ ref, name }): [string, string] => [ref, name]),
  ])
}

// What no card shows has the id of its entry.
function toId(ref: string): string {
  return ref.slice(ref.indexOf('/') + 1)
}

function drawChange(change: ChangeDocument, name: string, canvas: Canvas): Line {
  const { sign, tone, says } = describeChange(change, canvas)
  return [
    say(`${toTime(change.time)} `, 'faint'),
    say(`${sign} `, tone),
    quoteReading(name, canvas, 'strong'),
    say(' '),
    quoteReading(says, canvas),
  ]
}

interface ChangeWords {
  readonly sign: string
  readonly tone: TextTone
  readonly says: string
}

/** What happened, in words that follow the name of the entry. */
function describeChange(change: ChangeDocument, { signs }: Canvas): ChangeWords {
  const { on, off, broken, unknown } = signs.states
  if (change.kind === 'edit') {
    const fields = change.fields.length === 0 ? '' : `: ${change.fields.join(', ')}`
    return { sign: off, tone: 'faint', says: `${change.change} by ${change.by}${fields}` }
  }
  const { from, to } = change
  switch (change.change) {
    case 'came':
      return { sign: on, tone: 'good', says: 'came' }
    case 'repaired':
      return { sign: on, tone: 'good', says: 'works again' }
    case 'up':
      return { sign: on, tone: 'good', says: 'is up' }
    case 'broke':
      return { sign: broken, tone: 'bad', says: 'broke' }
    case 'down':
      return { sign: signs.down, tone: 'warning', says: 'is down' }
    case 'went':
      return { sign: off, tone: 'faint', says: 'went' }
    case 'version':
      return {
        sign: signs.up,
        tone: 'command',
        says: `${from ?? 'no version'} ${signs.arrow} ${to ?? 'no version'}`,
      }
    case 'path':
      return { sign: signs.up, tone: 'command', says: `is now ${to ?? 'nowhere'}` }
    case 'status':
      return { sign: unknown, tone: 'warning', says: `is ${to ?? 'unknown'}, was ${from ?? 'unknown'}` }
  }
}

/** Local time of day. */
function toTime(time: string): string {
  const date = new Date(time)
  const parts = [date.getHours(), date.getMinutes()].map(part => String(part).padStart(2, '0'))
  return Number.isNaN(date.getTime()) ? '--:--' : parts.join(':')
}
