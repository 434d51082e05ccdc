import type { Style } from '../../lib/terminal/style.ts'
import { cutText, textWidth } from '../../lib/terminal/width.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import type { GraphNode, TreeItem } from '../graph.ts'
import { type GraphFormat, type GraphFormatOptions, statusSymbols } from './format.ts'

/** Lines with branches, as section 4 of the specification draws them: name, what it is in brackets, what it needs. */
export const renderTree: GraphFormat = ({ tree }, options) => {
  const lines: string[] = []
  // The stack is a list: a path of a hundred thousand steps would overflow the engine's.
  const stack: Branch[] = tree.map(item => ({ item, first: '', rest: '', depth: 0 })).reverse()
  for (let branch = stack.pop(); branch; branch = stack.pop()) {
    lines.push(renderLine(branch.item, branch.first, options))
    for (const below of toBranches(branch).reverse()) stack.push(below)
  }
  return lines.join('\n')
}

/** An item, and what stands before its line and before the lines below it. */
interface Branch {
  readonly item: TreeItem
  readonly first: string
  readonly rest: string
  readonly depth: number
}

// Deeper items are not indented any further, or the width of the lines would grow with the square of the depth.
const deepestIndent = 100

function toBranches({ item, rest, depth }: Branch): Branch[] {
  const last = item.items.length - 1
  const isFlat = depth >= deepestIndent
  return item.items.map((child, place) => {
    const isLast = place === last
    const first = `${rest}${isLast ? '└─ ' : '├─ '}`
    return {
      item: child,
      first: isFlat ? `${first}[${depth + 1}] ` : first,
      rest: isFlat ? rest : `${rest}${isLast ? '   ' : '│  '}`,
      depth: depth + 1,
    }
  })
}

const marks = {
  repeated: '… see above',
  cycle: '↺ closes a cycle',
  more: '… there is more below',
} as const

function renderLine(item: TreeItem, branch: string, { style, width }: GraphFormatOptions): string {
  const { node, name, note, mark, via } = item
  const symbol = node.status === null ? '' : `${statusSymbols[node.status]} `
  const parts: Part[] = [
    { text: via === undefined ? '' : `${via.replace('_', ' ')} `, paint: style.dim },
    { text: symbol, paint: text => paintSymbol(text, node, style) },
    { text: toVisibleLine(name), paint: node.kind === 'missing' ? style.red : unpainted },
    { text: toRemark(node) ?? toComment(item), paint: style.dim },
    { text: note === '' ? '' : ` ${toVisibleLine(note)}`, paint: style.cyan },
    { text: mark === null ? '' : ` ${marks[mark]}`, paint: mark === 'cycle' ? style.red : style.yellow },
  ]
  const available = width === undefined ? undefined : width - textWidth(branch)
  return style.dim(branch) + fitParts(parts, available)
}

function toRemark({ kind }: GraphNode): string | undefined {
  if (kind === 'missing') return ' (nothing is called so)'
  return kind === 'unseen' ? ' (sign in to see it)' : undefined
}

interface Part {
  readonly text: string
  readonly paint: (text: string) => string
}

/** The parts that fit, the last one of them cut. A name is always there, however deep it is. */
function fitParts(parts: readonly Part[], width: number | undefined): string {
  let left = width === undefined ? undefined : Math.max(width, leastWidth)
  let line = ''
  for (const { text, paint } of parts) {
    const fitted = left === undefined ? text : cutText(text, left)
    if (left !== undefined) left -= textWidth(fitted)
    line += fitted === '' ? '' : paint(fitted)
  }
  return line
}

const leastWidth = 16

function paintSymbol(text: string, { status }: GraphNode, style: Style): string {
  if (status === 'ready') return style.green(text)
  if (status === 'not set up') return style.dim(text)
  return status === 'not ready' ? style.red(text) : style.yellow(text)
}

function toComment({ node, name }: TreeItem): string {
  const comment = node.description || (node.label === name ? '' : node.label)
  if (comment === '' || (node.kind === 'registry' && name === '')) return ''
  return ` (${toVisibleLine(comment)})`
}

const unpainted = (text: string) => text
