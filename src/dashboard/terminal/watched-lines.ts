import type { DashboardView } from '../model/dashboard-view.ts'
import { type Canvas, cutLine, type Line, quoteReading, say } from './canvas.ts'
import { fitEnds } from './card-head.ts'
import { drawTitle } from './draw-dashboard.ts'

/** What a screen shows at one moment. */
export interface Watched {
  readonly name: string
  /** Undefined until something is known. */
  readonly view: DashboardView | undefined
  /** Lines of all of it, of which the screen shows a part. */
  readonly body: readonly Line[]
  /** Why it is not what is now, a sentence; undefined when it is. */
  readonly warning: string | undefined
  readonly scroll: number
  readonly isHelpShown: boolean
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
  return fitEnds([say('nexus-registry  ', 'accent'), quoteReading(name, canvas, 'faint')], [], canvas)
}

const short = 'q quit  ? help'

function drawFoot(watched: Watched, rows: number, canvas: Canvas): Line {
  const { signs, width } = canvas
  if (watched.warning !== undefined) {
    const line = [say(`${signs.problem} `, 'bad'), quoteReading(watched.warning, canvas, 'bad')]
    return cutLine(line, width, signs.ellipsis)
  }
  const keys = watched.isHelpShown ? writeHelp(canvas) : short
  return fitEnds(
    [say(keys, 'faint')],
    [say(`${writePlace(watched, rows)}${writeState(watched)}`, 'faint')],
    canvas,
  )
}

function writeHelp({ signs: { isAscii } }: Canvas): string {
  const arrows = isAscii ? 'Up Down' : '↑ ↓'
  return `${arrows} PgUp PgDn Home End scroll  r now  q Esc quit  ? less`
}

function writePlace({ body, scroll }: Watched, rows: number): string {
  const last = lastScroll(body.length, rows)
  if (last === 0) return ''
  return `${scroll + 1}-${Math.min(body.length, scroll + bodyRows(rows))} of ${body.length}  `
}

function writeState({ view }: Watched): string {
  return view === undefined ? 'looking' : 'live, every 5 s'
}
