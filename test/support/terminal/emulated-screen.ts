import { toGraphemes } from '../../../src/lib/terminal/width.ts'

/** What a terminal shows, and how it stands. */
export interface EmulatedScreen {
  /** Takes what a program writes. */
  readonly write: (text: string) => void
  /** Rows, without spaces at their ends. */
  readonly rows: () => string[]
  /** Rows with what each cell looks like before it, where that is not plain. */
  readonly looks: () => string[]
  readonly modes: ReadonlySet<string>
  /** What a program has put on the clipboard, decoded. */
  readonly clipboard: readonly string[]
  readonly resize: (columns: number, rows: number) => void
}

interface EmulatedOptions {
  /** Columns that a character takes there, where terminals differ; as the program thinks unless said otherwise. */
  readonly widthOf?: (text: string, width: number) => number
  /** Whether a program has to take the screen first; what is written before and after that stands elsewhere. */
  readonly isTaken?: boolean
}

interface Place {
  text: string
  look: string
}

/** The mode of a screen of its own. */
const taken = '?1049'

const piece = /\x1b\[([?0-9;]*)([A-Za-z])|([^\x1b]+)|\x1b\]52;c;([A-Za-z0-9+/=]*)\x07|\x1b/g

const decode = (text: string) => Buffer.from(text, 'base64').toString('utf8')

/** As much of a terminal as a dashboard uses: places, looks, clearing, and modes. Anything else is a fault. */
export function createEmulatedScreen(
  columns: number,
  rows: number,
  { widthOf = (_, width) => width, isTaken = true }: EmulatedOptions = {},
): EmulatedScreen {
  const modes = new Set<string>(isTaken ? [taken] : [])
  const clipboard: string[] = []
  let [width, height, x, y, look] = [columns, rows, 0, 0, '0']
  const blank = () =>
    Array.from({ length: height }, () =>
      Array.from({ length: width }, (): Place => ({ text: ' ', look: '0' })),
    )
  let places = blank()
  const place = (text: string, wide: number) => {
    const row = places[y]
    if (row === undefined || x + wide > width) {
      // What a shell writes there meanwhile is not laid out for it.
      if (!isTaken) return
      throw new Error(`${JSON.stringify(text)} has no room at ${x} ${y}`)
    }
    row[x] = { text, look: text === ' ' ? '0' : look }
    if (wide === 2) row[x + 1] = { text: '', look: '0' }
    x += wide
  }
  const put = (text: string) => {
    for (const grapheme of toGraphemes(text)) {
      if (grapheme.text.includes('\n')) y = Math.min(height - 1, y + 1)
      if (/^[\r\n]/.test(grapheme.text)) x = 0
      else place(grapheme.text, widthOf(grapheme.text, grapheme.width))
    }
  }
  const control = (parameters: string, final: string) => {
    const [first = 1, second = 1] = parameters.split(';').map(Number)
    if (final === 'H') [y, x] = [first - 1, second - 1]
    else if (final === 'm') look = parameters
    else if (final === 'J') places = blank()
    else if (final === 'h' || final === 'l') {
      if (final === 'h') modes.add(parameters)
      else modes.delete(parameters)
    } else throw new Error(`what is ${parameters}${final}?`)
  }
  return {
    modes,
    clipboard,
    write: text => {
      for (const [whole, parameters = '', final, plain, copied] of text.matchAll(piece)) {
        if (final !== 'h' && !modes.has(taken)) continue
        if (plain !== undefined) put(plain)
        else if (copied !== undefined) clipboard.push(decode(copied))
        else control(parameters, final ?? whole)
      }
    },
    rows: () =>
      places.map(row =>
        row
          .map(({ text }) => text)
          .join('')
          .trimEnd(),
      ),
    looks: () =>
      places.map(row =>
        row
          .map(place => `${place.look === '0' ? '' : `{${place.look}}`}${place.text}`)
          .join('')
          .trimEnd(),
      ),
    resize: (newColumns, newRows) => {
      ;[width, height] = [newColumns, newRows]
      places = blank()
    },
  }
}
