import type { GraphNode } from '../../core/graph/graph.ts'
import type { TreeItem } from '../../core/graph/graph-view.ts'
import type { Style } from '../style.ts'
import { cutText, textWidth } from '../text-width.ts'
import { toVisibleLine } from '../visible.ts'
import type { GraphFormat, GraphFormatOptions } from './format.ts'
import { statusSigns } from './node-text.ts'

/** Lines with branches, as section 4 of the specification draws them: name, what it is in brackets, what it needs. */
export const renderTree: GraphFormat = ({ tree }, options) =>
  tree.flatMap(item => renderItem(item, { first: '', rest: '' }, options)).join('\n')

/** What stands before the line of an item, and before the lines below it. */
interface Branch {
  readonly first: string
  readonly rest: string
}

const marks = {
  repeated: '… see above',
  cycle: '↺ closes a circle',
  more: '… there is more below',
} as const

function renderItem(item: TreeItem, { first, rest }: Branch, options: GraphFormatOptions): string[] {
  const last = item.items.length - 1
  const below = item.items.flatMap((child, place) => {
    const isLast = place === last
    const branch = { first: `${rest}${isLast ? '└─ ' : '├─ '}`, rest: `${rest}${isLast ? '   ' : '│  '}` }
    return renderItem(child, branch, options)
  })
  return [renderLine(item, first, options), ...below]
}

function renderLine(item: TreeItem, branch: string, { style, width }: GraphFormatOptions): string {
  const { node, name, note, mark, via } = item
  const sign = node.status === null ? '' : `${statusSigns[node.status]} `
  const parts: Part[] = [
    { text: via === undefined ? '' : `${via.replace('_', ' ')} `, paint: style.dim },
    { text: sign, paint: text => paintSign(text, node, style) },
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
  return kind === 'unseen' ? ' (you may not see it)' : undefined
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

function paintSign(text: string, { status }: GraphNode, style: Style): string {
  if (status === 'ready') return style.green(text)
  return status === 'not ready' ? style.red(text) : style.yellow(text)
}

function toComment({ node, name }: TreeItem): string {
  const comment = node.description || (node.label === name ? '' : node.label)
  if (comment === '' || (node.kind === 'registry' && name === '')) return ''
  return ` (${toVisibleLine(comment)})`
}

const unpainted = (text: string) => text
