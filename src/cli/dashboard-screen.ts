import type { DashboardView } from '../dashboard/model/dashboard-view.ts'
import type { Line, Symbols } from '../dashboard/terminal/canvas.ts'
import { drawDashboard } from '../dashboard/terminal/draw-dashboard.ts'
import { blankFrame, diffFrames, type Frame, toFrame } from '../dashboard/terminal/frame.ts'
import type { Key } from '../dashboard/terminal/keys.ts'
import { bodyRows, lastScroll, toWatchedLines } from '../dashboard/terminal/watched-lines.ts'
import type { NexusError } from '../lib/errors.ts'
import type { Screen } from '../platform/host.ts'

/** A dashboard on a screen. */
export interface DashboardScreen {
  readonly show: (view: DashboardView) => void
  /** Shows that the data is not current. Throws the error if there is no data yet. */
  readonly showError: (error: NexusError, now: number) => void
  readonly press: (key: Key) => void
  /** Draws everything on a blank screen. */
  readonly redraw: () => void
}

interface ScreenOptions {
  readonly name: string
  readonly signs: Symbols
  readonly hasColors: boolean
}

interface State {
  view: DashboardView | undefined
  body: readonly Line[]
  warning: string | undefined
  /** Time of the first error. */
  since: number | undefined
  scroll: number
  isHelpShown: boolean
  frame: Frame
}

/** Creates a screen that writes only changed cells. */
export function createDashboardScreen(
  screen: Screen,
  { name, signs, hasColors }: ScreenOptions,
): DashboardScreen {
  const state: State = {
    view: undefined,
    body: [],
    warning: undefined,
    since: undefined,
    scroll: 0,
    isHelpShown: false,
    frame: [],
  }
  const canvas = () => ({ signs, width: screen.columns, isBounded: true })
  const drawBody = () => {
    state.body = state.view === undefined ? [] : drawDashboard(state.view, canvas())
  }
  const draw = () => {
    const { columns, rows } = screen
    state.scroll = Math.min(Math.max(0, state.scroll), lastScroll(state.body.length, rows))
    const frame = toFrame(toWatchedLines({ name, ...state }, rows, canvas()), columns, rows)
    const text = diffFrames(state.frame, frame, { hasColors })
    state.frame = frame
    if (text !== '') screen.write(text)
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
      if (key === 'help') state.isHelpShown = !state.isHelpShown
      state.scroll = toScroll(key, state, screen.rows)
      draw()
    },
    redraw: () => {
      screen.write('\x1b[0m\x1b[2J')
      state.frame = blankFrame(screen.columns, screen.rows)
      drawBody()
      draw()
    },
  }
}

function toScroll(key: Key, { scroll, body }: Pick<State, 'scroll' | 'body'>, rows: number): number {
  switch (key) {
    case 'up':
      return scroll - 1
    case 'down':
      return scroll + 1
    case 'page-up':
      return scroll - bodyRows(rows)
    case 'page-down':
      return scroll + bodyRows(rows)
    case 'top':
      return 0
    case 'bottom':
      return lastScroll(body.length, rows)
    default:
      return scroll
  }
}

/** Local time of day. */
function toTime(ms: number): string {
  const date = new Date(ms)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map(part => String(part).padStart(2, '0'))
    .join(':')
}
