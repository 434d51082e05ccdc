import { toVisibleLine } from '../../lib/text/visible.ts'
import type { GraphNode, Readiness } from '../graph.ts'

/** What stands before a name, for how usable it is. */
export const statusSigns = { ready: '✓', 'not ready': '✗', unknown: '?' } as const satisfies Record<
  Readiness,
  string
>

// Longer ones would make a picture of one name.
const mostCharacters = 48

/** What a picture says in a node: its name, and below it what people call it, where that is something else. */
export function toNodeLines(node: GraphNode): string[] {
  const { id, kind, label, status } = node
  const sign = status === null ? '' : `${statusSigns[status]} `
  const name = kind === 'group' || kind === 'registry' ? label : id.slice(id.lastIndexOf('/') + 1)
  const lines = [name, kind === 'group' ? '' : label].map(toShortLine)
  const [first = '', second = ''] = lines
  return second === '' || isSame(first, second) ? [sign + first] : [sign + first, second]
}

/** Classes of a node: its kind and its readiness, as one word each. */
export function toNodeClasses({ kind, status }: GraphNode): string[] {
  return status === null ? [kind] : [kind, status.replaceAll(' ', '-')]
}

/** Text from outside as one line that pictures may hold: XML knows no half characters and none that Unicode reserves. */
export function toPictureText(text: string): string {
  return toVisibleLine(text.toWellFormed())
    .replace(/\p{Noncharacter_Code_Point}/gu, '\ufffd')
    .trim()
}

function toShortLine(text: string): string {
  const characters = Array.from(toPictureText(text))
  if (characters.length <= mostCharacters) return characters.join('')
  return `${characters.slice(0, mostCharacters - 1).join('')}…`
}

// `gpt-4o` and `GPT-4o` say the same.
function isSame(left: string, right: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[\s_./-]/g, '')
  return plain(left) === plain(right)
}
