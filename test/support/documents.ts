import { readFileSync } from 'node:fs'

export interface CodeBlock {
  readonly language: string
  readonly body: string
}

/** Text of a document of this repository, by its name. */
export function readDocument(name: string): string {
  return readFileSync(name, 'utf8')
}

/** What stands below a heading, up to the next one of the same level or above. */
export function sectionOf(text: string, heading: string): string {
  const lines = text.split('\n')
  const start = lines.indexOf(heading)
  if (start < 0) throw new Error(`there is no heading ${JSON.stringify(heading)}`)
  const level = heading.indexOf(' ')
  const rest = lines.slice(start + 1)
  const end = rest.findIndex(line => /^#+ /.test(line) && line.indexOf(' ') <= level)
  return rest.slice(0, end < 0 ? undefined : end).join('\n')
}

/** Fenced blocks of code, in their order. */
export function codeBlocks(text: string): CodeBlock[] {
  const blocks = text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)
  return [...blocks].map(([, language = '', body = '']) => ({ language, body }))
}

/** Code within the prose, without the fenced blocks. */
export function inlineCode(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '')
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
}

/** Rows of the first table, each a list of its cells, without the heading. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n')
  const start = lines.findIndex(line => line.startsWith('|'))
  const length = lines.slice(start).findIndex(line => !line.startsWith('|'))
  const table = lines.slice(start, length < 0 ? undefined : start + length)
  return table.slice(2).map(line =>
    line
      .slice(1, -1)
      .split('|')
      .map(cell => cell.trim()),
  )
}

/** Code in one column of the first table. */
export function columnCode(text: string, column: number): string[] {
  return tableRows(text).flatMap(cells => inlineCode(cells[column] ?? ''))
}
