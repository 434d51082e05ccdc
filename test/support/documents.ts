import { readdirSync, readFileSync } from 'node:fs'
import nodePath from 'node:path'

export interface CodeBlock {
  readonly language: string
  readonly body: string
}

/** Text of a document of this repository, by its name. */
export function readDocument(name: string): string {
  return readFileSync(name, 'utf8')
}

/** Names of all documents of this repository: those at its root, and all below `docs`. */
export function listDocuments(): string[] {
  const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.md'))
    .map(file => nodePath.join('docs', file))
  return ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...pages.toSorted()]
}

/** README and the pages of tasks: those with examples for users. */
export function listGuides(): string[] {
  return listDocuments().filter(name => name === 'README.md' || /^docs\/[\w-]+\.md$/.test(name))
}

/** Anchors of the headings, as repository pages make them. */
export function listAnchors(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '')
  const seen = new Map<string, number>()
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
    const anchor = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-')
    const count = seen.get(anchor) ?? 0
    seen.set(anchor, count + 1)
    return count === 0 ? anchor : `${anchor}-${count}`
  })
}

/** Targets of links, without those to other sites. */
export function listLinks(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter(target => !/^[a-z]+:/.test(target))
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
