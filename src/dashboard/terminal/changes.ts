import type { ChangeDocument } from '../model/change-schema.ts'
import type { DashboardView } from '../model/dashboard-view.ts'
import { dayMs, describeDetectedChange, indexNames } from '../model/describe.ts'
import { type Canvas, type Line, quoteReading, say, type TextTone } from './canvas.ts'
import { flowItems } from './layout.ts'

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

function toNames(view: DashboardView): ReadonlyMap<string, string> {
  return new Map([...indexNames(view), ...view.problems.map(({ ref, name }) => [ref, name] as const)])
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

function describeChange(change: ChangeDocument, { signs }: Canvas): ChangeWords {
  const { on, off, broken, unknown } = signs.states
  if (change.kind === 'edit') {
    const fields = change.fields.length === 0 ? '' : `: ${change.fields.join(', ')}`
    return { sign: off, tone: 'faint', says: `${change.change} by ${change.by}${fields}` }
  }
  const signsOf: Readonly<Record<typeof change.change, readonly [sign: string, tone: TextTone]>> = {
    came: [on, 'good'],
    repaired: [on, 'good'],
    up: [on, 'good'],
    broke: [broken, 'bad'],
    down: [signs.down, 'warning'],
    went: [off, 'faint'],
    version: [signs.up, 'command'],
    path: [signs.up, 'command'],
    status: [unknown, 'warning'],
  }
  const [sign, tone] = signsOf[change.change]
  return { sign, tone, says: describeDetectedChange(change, signs.arrow) }
}

/** Local time of day. */
function toTime(time: string): string {
  const date = new Date(time)
  const parts = [date.getHours(), date.getMinutes()].map(part => String(part).padStart(2, '0'))
  return Number.isNaN(date.getTime()) ? '--:--' : parts.join(':')
}
