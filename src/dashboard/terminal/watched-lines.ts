import type { DashboardView } from '../model/dashboard-view.ts'
import { type Canvas, type Line, quoteReading, type Span, say } from './canvas.ts'
import { drawTitle } from './headline.ts'
import { cutLine, drawHeading, lineWidth, padLine, spreadLine, wrapLine } from './layout.ts'

/** What a screen shows at one moment. */
export interface Watched {
  readonly name: string
  /** Undefined until something is known. */
  readonly view: DashboardView | undefined
  /** Lines of all of it, of which the screen shows a part. */
  readonly body: readonly Line[]
  /** Why it is not what is now, a sentence; undefined when it is. */
  readonly warning: string | undefined
  /** What the last key did, where nothing else shows it. */
  readonly notice: string | undefined
  readonly scroll: number
}

/** Rows of a screen that do not move: the title above, the keys below. */
const fixedRows = 2

/** Rows that are left for the dashboard. */
export function bodyRows(rows: number): number {
  return Math.max(1, rows - fixedRows)
}

/** How far a body can be scrolled. */
export function lastScroll(lines: number, rows: number): number {
  return Math.max(0, lines - bodyRows(rows))
}

/** The lines of a screen: title, the visible part of the body, keys. */
export function toWatchedLines(watched: Watched, rows: number, canvas: Canvas): Line[] {
  const { name, view, body, scroll } = watched
  const shown = body.slice(scroll, scroll + bodyRows(rows))
  const missing = Array.from({ length: bodyRows(rows) - shown.length }, (): Line => [])
  const title = view === undefined ? drawStart(name, canvas) : drawTitle(view, name, canvas)
  return [title, ...shown, ...missing, drawFoot(watched, rows, canvas)]
}

function drawStart(name: string, canvas: Canvas): Line {
  return spreadLine([quoteReading(name, canvas, 'strong')], [say('checking', 'faint')], canvas)
}

function drawFoot(watched: Watched, rows: number, canvas: Canvas): Line {
  const { signs, width } = canvas
  if (watched.warning !== undefined) {
    const line = [say(`${signs.states.broken} `, 'bad'), quoteReading(watched.warning, canvas, 'bad')]
    return cutLine(line, width, signs.ellipsis)
  }
  if (watched.notice !== undefined)
    return cutLine([quoteReading(watched.notice, canvas)], width, signs.ellipsis)
  const place = writePlace(watched, rows)
  const keys = fitKeys(width - (place === '' ? 0 : place.length + 2), canvas)
  return spreadLine(keys, place === '' ? [] : [say(place, 'faint')], canvas)
}

/** The keys that have room: how to leave, and where the others are listed, stay longest. */
function fitKeys(width: number, { signs: { keys } }: Canvas): Span[] {
  const others = ['r measure', `${keys.choose} choose`, `${keys.open} details`, 'c copy fix', 'a show absent']
  const toLine = (count: number) => ['q quit', ...others.slice(0, count), '? keys'].join('  ')
  const counts = others.map((_, index) => others.length - index)
  const fitting = counts.find(count => lineWidth([say(toLine(count))]) <= width) ?? 0
  return [say(toLine(fitting), 'faint')]
}

function writePlace({ body, scroll }: Watched, rows: number): string {
  const last = lastScroll(body.length, rows)
  if (last === 0) return ''
  return `${scroll + 1}-${Math.min(body.length, scroll + bodyRows(rows))} of ${body.length}`
}

const keyColumns = 11

/** The keys, each with what it does. */
export function drawKeys(canvas: Canvas): Line[] {
  const { choose, open } = canvas.signs.keys
  const rows: readonly [keys: string, does: string][] = [
    [`${choose} j k`, 'choose a problem, a provider or a tool'],
    [`${open}`, 'details of it, and back'],
    ['c', 'copy its fix; it is printed at the end, too'],
    ['a', 'show what is not here, with reasons and fixes'],
    ['r', 'measure now; otherwise every 5 seconds'],
    ['PgUp PgDn', 'scroll'],
    ['Home End', 'to the beginning, to the end'],
    ['? h', 'these keys, and back'],
    ['Esc', 'back; on the dashboard, quit'],
    ['q Ctrl-C', 'quit'],
  ]
  return [
    drawHeading('Keys', canvas),
    ...rows.flatMap(([keys, does]) =>
      wrapLine([...padLine([say(keys, 'strong')], keyColumns), say(does)], canvas, keyColumns),
    ),
  ]
}
