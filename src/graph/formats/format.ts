import type { Style } from '../../lib/terminal/style.ts'
import type { GraphView } from '../graph-view.ts'

export interface GraphFormatOptions {
  readonly style: Style
  /** Columns of the terminal; undefined when it is none. */
  readonly width: number | undefined
}

/** One way of writing a graph down. */
export type GraphFormat = (view: GraphView, options: GraphFormatOptions) => string | Promise<string>
