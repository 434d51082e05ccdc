import type { DashboardView } from '../dashboard/model/dashboard-view.ts'
import type { Canvas, Line, Symbols } from '../dashboard/terminal/canvas.ts'
import { drawDetails, findThing } from '../dashboard/terminal/details.ts'
import { drawDashboard } from '../dashboard/terminal/draw-dashboard.ts'
import { blankFrame, diffFrames, type Frame, toFrame } from '../dashboard/terminal/frame.ts'
import type { Key } from '../dashboard/terminal/keys.ts'
import { bodyRows, drawKeys, lastScroll, toWatchedLines } from '../dashboard/terminal/watched-lines.ts'
import type { NexusError } from '../lib/errors.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import type { Screen } from '../platform/host.ts'

/** A dashboard on a screen. */
export interface DashboardScreen {
  readonly show: (view: DashboardView) => void
  /** Shows that the data is not current. Throws the error if there is no data yet. */
  readonly showError: (error: NexusError, now: number) => void
  /** Returns whether the key ends the dashboard. */
  readonly press: (key: Key) => boolean
  /** Draws everything on a blank screen. */
  readonly redraw: () => void
  /** The commands that were copied, in this order: a terminal need not allow it. */
  readonly copied: () => readonly string[]
}

interface ScreenOptions {
  readonly name: string
  readonly signs: Symbols
  readonly hasColors: boolean
  readonly userHome?: string | undefined
}

interface State {
  view: DashboardView | undefined
  body: readonly Line[]
  warning: string | undefined
  notice: string | undefined
  /** Time of the first error. */
  since: number | undefined
  scroll: number
  /** What the body is: all of it, one thing in detail, or the keys. */
  page: 'all' | 'details' | 'keys'
  showsAbsent: boolean
  /** As `Span.item`. */
  chosen: string | undefined
  frame: Frame
}

/** Creates a screen that writes only changed cells. */
export function createDashboardScreen(
  screen: Screen,
  { name, signs, hasColors, userHome }: ScreenOptions,
): DashboardScreen {
  const state: State = {
    view: undefined,
    body: [],
    warning: undefined,
    notice: undefined,
    since: undefined,
    scroll: 0,
    page: 'all',
    showsAbsent: false,
    chosen: undefined,
    frame: [],
  }
  const copied: string[] = []
  const canvas = (): Canvas => ({
    signs,
    width: screen.columns,
    isWatched: true,
    chosen: state.chosen,
    userHome,
  })
  const drawBody = () => {
    state.body = drawPage(state, canvas(), screen.rows)
  }
  const draw = () => {
    const { columns, rows } = screen
    state.scroll = Math.min(Math.max(0, state.scroll), lastScroll(state.body.length, rows))
    const frame = toFrame(toWatchedLines({ name, ...state }, rows, canvas()), columns, rows)
    const text = diffFrames(state.frame, frame, { hasColors })
    state.frame = frame
    if (text !== '') screen.write(text)
  }
  const copy = () => {
    const command = findCommand(state)
    if (command === undefined) return describeNoCommand(state)
    // What is pasted into a shell must not act on it before a person presses Enter.
    const text = toVisibleLine(command)
    if (!copied.includes(text)) copied.push(text)
    screen.write(toClipboard(text))
    return `copied: ${text}`
  }
  return {
    show: view => {
      Object.assign(state, { view, warning: undefined, since: undefined })
      drawBody()
      draw()
    },
    showError: (error, now) => {
      if (state.view === undefined) throw error
      state.since ??= now
      state.warning = `not reachable since ${toTime(state.since)}: ${error.message}`
      draw()
    },
    press: key => {
      if (key === 'quit' || (key === 'back' && state.page === 'all')) return true
      state.notice = key === 'copy' ? copy() : undefined
      turnPage(key, state)
      if (key === 'up' || key === 'down')
        choose(key === 'up' ? -1 : 1, state, { canvas: canvas(), rows: screen.rows })
      drawBody()
      state.scroll = toScroll(key, state, screen.rows)
      draw()
      return false
    },
    redraw: () => {
      screen.write('\x1b[0m\x1b[2J')
      state.frame = blankFrame(screen.columns, screen.rows)
      drawBody()
      draw()
    },
    copied: () => copied,
  }
}

function drawPage({ view, page, chosen, showsAbsent }: State, canvas: Canvas, rows: number): readonly Line[] {
  if (page === 'keys') return drawKeys(canvas)
  if (view === undefined) return []
  const thing = page === 'details' && chosen !== undefined ? findThing(view, chosen) : undefined
  if (thing !== undefined) return drawDetails(thing, view, canvas)
  return drawDashboard(view, canvas, { rows: bodyRows(rows), showsAbsent })
}

/** Opens what a key opens. The same key again, or Escape, leads back. */
function turnPage(key: Key, state: State): void {
  const toggle = (page: State['page']) => {
    state.page = state.page === page ? 'all' : page
  }
  if (key === 'help') toggle('keys')
  if (key === 'back') state.page = 'all'
  if (key === 'open') {
    if (state.chosen === undefined) state.notice = 'choose something first'
    else toggle('details')
  }
  if (key === 'absent') {
    state.showsAbsent = !state.showsAbsent
    state.page = 'all'
  }
}

/** Chooses the next item, or the one before: at first, the first or the last one. */
function choose(
  step: 1 | -1,
  state: State,
  { canvas, rows }: { readonly canvas: Canvas; readonly rows: number },
): void {
  if (state.view === undefined || state.page === 'keys') return
  const all = drawPage({ ...state, page: 'all' }, canvas, rows)
  const items = listItems(all).map(({ item }) => item)
  const at = state.chosen === undefined ? -1 : items.indexOf(state.chosen)
  const next = at === -1 ? (step === 1 ? 0 : items.length - 1) : at + step
  state.chosen = items[Math.min(items.length - 1, Math.max(0, next))] ?? state.chosen
}

/** What can be chosen in these lines, with its row. */
function listItems(lines: readonly Line[]): { readonly item: string; readonly row: number }[] {
  const seen = new Set<string>()
  return lines.flatMap((line, row) =>
    line.flatMap(({ item }) => {
      if (item === undefined || seen.has(item)) return []
      seen.add(item)
      return [{ item, row }]
    }),
  )
}

function toScroll(key: Key, { scroll, body, chosen, page }: State, rows: number): number {
  const room = bodyRows(rows)
  switch (key) {
    case 'up':
    case 'down': {
      // Where nothing can be chosen, the same keys scroll.
      const found = page === 'all' ? listItems(body).find(({ item }) => item === chosen) : undefined
      if (found === undefined) return page === 'details' ? 0 : scroll + (key === 'up' ? -1 : 1)
      // Two lines below it are its reason and its fix.
      return Math.max(Math.min(scroll, found.row - 1), found.row + Math.min(3, room) - room)
    }
    case 'page-up':
      return scroll - room
    case 'page-down':
      return scroll + room
    case 'top':
      return 0
    case 'bottom':
      return lastScroll(body.length, rows)
    case 'open':
    case 'help':
    case 'back':
      return 0
    default:
      return scroll
  }
}

function findCommand({ view, chosen }: State): string | undefined {
  if (view === undefined || chosen === undefined) return undefined
  const { problem, card } = findThing(view, chosen) ?? {}
  return (problem?.fix ?? card?.fix)?.command ?? undefined
}

function describeNoCommand({ view, chosen }: State): string {
  if (view === undefined || chosen === undefined) return 'choose something first'
  const { problem, card } = findThing(view, chosen) ?? {}
  const fix = problem?.fix ?? card?.fix
  return fix ? `no command fixes it: ${fix.text}` : 'it needs no fix'
}

// xterm control sequences, "Manipulate Selection Data": terminals that do not allow it ignore it.
function toClipboard(text: string): string {
  return `\x1b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\x07`
}

/** Local time of day. */
function toTime(ms: number): string {
  const date = new Date(ms)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map(part => String(part).padStart(2, '0'))
    .join(':')
}
