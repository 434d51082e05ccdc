import { detectLayout, isOneLine, type Layout } from './edit-json.ts'
import { type JsonMember, type JsonNode, toValue } from './json-node.ts'
import { parseJson } from './parse-json.ts'

/** A member of an object in two texts of one document. Its own texts are as they stand there, key and value. */
export interface MemberChange {
  /** Keys from the root to the member. Empty: the whole document changed. */
  readonly path: readonly string[]
  /** Undefined when it was not there. */
  readonly before: string | undefined
  /** Undefined when it is not there any more. */
  readonly after: string | undefined
  /** Where it stood; undefined when it was not there. */
  readonly place: MemberPlace | undefined
}

/** Where a member stands in its object. */
export interface MemberPlace {
  /** Key of the member before it; undefined of the first one. */
  readonly previous: string | undefined
  /** What stands between it and the member before it, or behind it when it is the first one: a comma and space. */
  readonly gap: string
}

/** What a text was parsed to already: large ones take long. */
interface Parsed {
  readonly root?: JsonNode | undefined
}

interface Comparison {
  readonly before: string
  readonly after: string
  readonly isIgnored: (path: readonly string[]) => boolean
  /** Objects deeper than this are compared as a whole. */
  readonly depth: number
}

/**
 * Lists which members of objects differ between two texts: the innermost ones, but arrays as a whole. Of a text that is
 * no JSON object, or has duplicate keys, the whole document.
 */
export function listMemberChanges(
  before: string,
  after: string,
  {
    isIgnored = () => false,
    depth = Number.POSITIVE_INFINITY,
    root = parseJson(after).root,
  }: Partial<Pick<Comparison, 'isIgnored' | 'depth'>> & Parsed = {},
): MemberChange[] {
  if (before === after) return []
  const [left, right] = [parseJson(before).root, root]
  const whole = { path: [], before, after, place: undefined }
  if (left?.kind !== 'object' || right?.kind !== 'object' || depth === 0) return [whole]
  if (!isUnambiguous(left) || !isUnambiguous(right)) return [whole]
  return compareObjects([left, right], [], { before, after, isIgnored, depth })
}

type ObjectNode = JsonNode & { readonly kind: 'object' }

function compareObjects(
  [left, right]: readonly [ObjectNode, ObjectNode],
  path: readonly string[],
  comparison: Comparison,
): MemberChange[] {
  const { before, after, isIgnored, depth } = comparison
  const there = new Map(right.members.map(member => [member.key, member]))
  const known = new Set(left.members.map(member => member.key))
  const kept = left.members.flatMap((member, index): MemberChange[] => {
    const inner = [...path, member.key]
    if (isIgnored(inner)) return []
    const place = toPlace(before, left.members, index)
    const own = memberText(before, member)
    const other = there.get(member.key)
    if (other === undefined) return [{ path: inner, before: own, after: undefined, place }]
    const pair = [member.value, other.value] as const
    if (isSameText(pair, comparison)) return []
    const objects = toObjects(pair)
    if (objects && inner.length < depth) return compareObjects(objects, inner, comparison)
    return [{ path: inner, before: own, after: memberText(after, other), place }]
  })
  const added = right.members
    .filter(({ key }) => !known.has(key) && !isIgnored([...path, key]))
    .map(member => ({
      path: [...path, member.key],
      before: undefined,
      after: memberText(after, member),
      place: undefined,
    }))
  return [...kept, ...added]
}

function isSameText(
  [left, right]: readonly [JsonNode, JsonNode],
  { before, after }: Pick<Comparison, 'before' | 'after'>,
): boolean {
  return before.slice(left.start, left.end) === after.slice(right.start, right.end)
}

// An empty object has no layout that its members could come back into.
function toObjects([left, right]: readonly [JsonNode, JsonNode]):
  | readonly [ObjectNode, ObjectNode]
  | undefined {
  if (left.kind !== 'object' || right.kind !== 'object') return undefined
  return left.members.length > 0 && right.members.length > 0 ? [left, right] : undefined
}

function isUnambiguous(node: JsonNode): boolean {
  if (node.kind === 'scalar') return true
  if (node.kind === 'array') return node.items.every(isUnambiguous)
  const keys = new Set(node.members.map(({ key }) => key))
  return keys.size === node.members.length && node.members.every(({ value }) => isUnambiguous(value))
}

function memberText(text: string, { start, value }: JsonMember): string {
  return text.slice(start, value.end)
}

function toPlace(text: string, members: readonly JsonMember[], index: number): MemberPlace {
  const [previous, member, next] = [members[index - 1], members[index], members[index + 1]]
  if (previous && member) return { previous: previous.key, gap: text.slice(previous.value.end, member.start) }
  const gap = member && next ? text.slice(member.value.end, next.start) : ','
  return { previous: undefined, gap }
}

/** A member that is to have another text, or none. */
export interface MemberPatch {
  readonly path: readonly string[]
  /** Key and value; undefined removes the member. */
  readonly text: string | undefined
  /** Where a member stands that is not there yet; behind all others by default. */
  readonly place?: MemberPlace | undefined
}

/** The patches that turn the text after some changes into the text before them. */
export function revertChanges(changes: readonly MemberChange[]): MemberPatch[] {
  return changes.map(({ path, before, place }) => ({ path, text: before, place }))
}

/**
 * The text with some members replaced, added or removed. Everything else stays as it is, to the byte. A patch whose object
 * is not there is left out.
 */
export function patchJson(
  text: string,
  patches: readonly MemberPatch[],
  { root = parseJson(text).root }: Parsed = {},
): string {
  const whole = patches.find(({ path }) => path.length === 0)
  if (whole?.text !== undefined) return whole.text
  if (root?.kind !== 'object') return text
  const patched = patchObject(root, patches, { text, layout: detectLayout(text), depth: 1 })
  return text.slice(0, root.start) + patched + text.slice(root.end)
}

interface ObjectPlace {
  readonly text: string
  readonly layout: Layout
  /** How deep the members of the object stand; 1 at the top of the document. */
  readonly depth: number
}

interface Part {
  readonly key: string
  readonly text: string
  /** What stands before it, unless it is the first one. */
  readonly gap: string
}

function patchObject(object: ObjectNode, patches: readonly MemberPatch[], place: ObjectPlace): string {
  const { text, layout, depth } = place
  const byKey = groupByKey(patches, depth)
  const usual = usualGap(object, place)
  const parts = object.members.flatMap((member, index): Part[] => {
    const { gap, previous } = toPlace(text, object.members, index)
    const patched = patchMember(member, byKey.get(member.key) ?? [], place)
    const part = { key: member.key, gap: previous === undefined ? usual : gap }
    return patched === undefined ? [] : [{ ...part, text: patched }]
  })
  const known = new Set(object.members.map(({ key }) => key))
  for (const patch of patches) {
    const key = patch.path[depth - 1] ?? ''
    if (known.has(key) || patch.path.length > depth || patch.text === undefined) continue
    insertPart(parts, { key, text: patch.text, gap: patch.place?.gap ?? usual }, patch.place)
  }
  const [first, ...rest] = parts
  if (first === undefined) return '{}'
  const [head, last] = [object.members[0], object.members.at(-1)]
  const line = (level: number) =>
    layout.indent === undefined ? '' : layout.newline + layout.indent.repeat(level)
  const start = head ? text.slice(object.start, head.start) : `{${line(depth)}`
  const end = last ? text.slice(last.value.end, object.end) : `${line(depth - 1)}}`
  return start + first.text + rest.map(part => part.gap + part.text).join('') + end
}

function groupByKey(patches: readonly MemberPatch[], depth: number): ReadonlyMap<string, MemberPatch[]> {
  const groups = new Map<string, MemberPatch[]>()
  for (const patch of patches) {
    const key = patch.path[depth - 1] ?? ''
    const group = groups.get(key)
    if (group) group.push(patch)
    else groups.set(key, [patch])
  }
  return groups
}

function patchMember(
  member: JsonMember,
  patches: readonly MemberPatch[],
  { text, layout, depth }: ObjectPlace,
): string | undefined {
  const own = patches.find(({ path }) => path.length === depth)
  if (own) return own.text
  if (patches.length === 0 || member.value.kind !== 'object') return memberText(text, member)
  const value = patchObject(member.value, patches, { text, layout, depth: depth + 1 })
  return text.slice(member.start, member.value.start) + value
}

/** Inserts a part behind the one that stood before it. One that comes first gives its gap to the next one. */
function insertPart(parts: Part[], part: Part, place: MemberPlace | undefined): void {
  const { previous } = place ?? {}
  if (place === undefined || (previous !== undefined && !parts.some(({ key }) => key === previous))) {
    parts.push(part)
    return
  }
  const index = previous === undefined ? 0 : parts.findIndex(({ key }) => key === previous) + 1
  parts.splice(index, 0, part)
  const [, second] = parts
  if (index === 0 && second) parts[1] = { ...second, gap: part.gap }
}

/** What stands between two members of this object. */
function usualGap(object: ObjectNode, { text, layout, depth }: ObjectPlace): string {
  const [first, second] = object.members
  if (first && second) return text.slice(first.value.end, second.start)
  if (layout.indent === undefined || (first && isOneLine({ text, object }))) return ', '
  return `,${layout.newline}${layout.indent.repeat(depth)}`
}

/** The value of a member's own text, as in `"id": {…}`; undefined of one that is no JSON. */
export function toMemberValue(text: string): unknown {
  const { root } = parseJson(`{${text}}`)
  const [member] = root?.kind === 'object' ? root.members : []
  return member && toValue(member.value)
}
