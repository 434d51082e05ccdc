/** How a document is written. */
export interface Layout {
  /** One level of indentation; undefined when it is written on one line. */
  readonly indent: string | undefined
  readonly newline: string
}

/** How a text is laid out: the first line that is indented shows how. */
export function detectLayout(text: string): Layout {
  const newline = /\r?\n/.exec(text)?.[0]
  return { indent: newline && (/\n([ \t]+)"/.exec(text)?.[1] ?? '  '), newline: newline ?? '\n' }
}

/** What stands before a member at this depth; empty in a document on one line. */
export function lineBreak(layout: Layout, depth: number): string {
  return layout.indent === undefined ? '' : layout.newline + layout.indent.repeat(depth)
}

/** A value as JSON, in the layout of the document around it, where it stands at this depth. */
export function renderJson(value: unknown, layout: Layout, depth: number): string {
  if (layout.indent === undefined) return JSON.stringify(value)
  return JSON.stringify(value, null, layout.indent).split('\n').join(lineBreak(layout, depth))
}
