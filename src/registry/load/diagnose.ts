import { createPositionIndex, type JsonMember, type JsonNode } from '../../lib/json/json-node.ts'
import type { JsonError } from '../../lib/json/json-scanner.ts'
import { type JsonPath, toPointer } from '../../lib/json/json-value.ts'
import type { Diagnostic, Severity } from '../diagnostic.ts'
import { isSubRegistry, type RegistryName } from '../schema/names.ts'
import type { SchemaError } from './schema-diagnostics.ts'

/** A diagnostic without file and position: its place is a JSON path. */
export interface PlacedDiagnostic extends Pick<SchemaError, 'message' | 'hint' | 'path' | 'isAboutKey'> {
  readonly rule: string
  /** Default: error. */
  readonly severity?: Severity
}

export interface Diagnoser {
  ofText(error: JsonError): Diagnostic
  ofPlace(error: PlacedDiagnostic): Diagnostic
}

export interface DiagnosedFile {
  readonly name: RegistryName
  /** Absolute path. */
  readonly path: string
  readonly text: string
  /** Undefined when the text is not JSON: then there are no places in it. */
  readonly root: JsonNode | undefined
}

/** Adds file, line and column to diagnostics. */
export function createDiagnoser({ name, path, text, root }: DiagnosedFile): Diagnoser {
  const positionOf = createPositionIndex(text)
  const rangeOfPlace = root ? createRangeFinder(root) : () => ({ start: 0, end: 0 })
  const toDiagnostic = (
    error: Omit<JsonError, 'rule'> & { rule: string; severity?: Severity },
  ): Diagnostic => {
    const from = positionOf(error.start)
    const to = positionOf(error.end)
    return {
      rule: error.rule,
      severity: error.severity ?? 'error',
      message: error.message,
      file: path,
      line: from.line,
      column: from.column,
      end_line: to.line,
      end_column: to.column,
      pointer: error.pointer,
      hint: error.hint,
    }
  }
  return {
    ofText: toDiagnostic,
    ofPlace: error => {
      const message = `${toPlaceName(name, error.path)}: ${error.message}`
      return toDiagnostic({ ...error, message, pointer: toPointer(error.path), ...rangeOfPlace(error) })
    },
  }
}

/** Where a value or key stands; for something missing, the key of the nearest thing that should hold it. */
export function rangeOf(root: JsonNode, place: { path: JsonPath; isAboutKey: boolean }): Range {
  return createRangeFinder(root)(place)
}

interface Range {
  readonly start: number
  readonly end: number
}

/** `rangeOf` for many places in one document: large objects are searched through once. */
function createRangeFinder(root: JsonNode): (place: { path: JsonPath; isAboutKey: boolean }) => Range {
  const step = createStepper()
  const top = { start: root.start, end: Math.min(root.start + 1, root.end) }
  return ({ path, isAboutKey }) => {
    let place: Place = { key: top, value: root }
    for (const part of path) {
      const inner = step(place.value, part)
      if (inner === undefined) return place.key
      place = inner
    }
    return isAboutKey ? place.key : place.value
  }
}

interface Place {
  /** The key that a value stands under; an item of a list stands for itself. */
  readonly key: Range
  readonly value: JsonNode
}

function createStepper(): (node: JsonNode, part: string | number) => Place | undefined {
  const indexes = new Map<JsonNode, ReadonlyMap<string, JsonMember>>()
  return (node, part) => {
    if (node.kind === 'array') {
      const item = node.items[Number(part)]
      return item && { key: item, value: item }
    }
    if (node.kind !== 'object') return undefined
    const index = indexes.get(node) ?? new Map(node.members.map(member => [member.key, member]))
    indexes.set(node, index)
    const member = index.get(String(part))
    return member && { key: { start: member.start, end: member.keyEnd }, value: member.value }
  }
}

/** Name of a place for people: `tools/docker.env_var`, `hyper.metadata.cache_ttl_seconds`. */
export function toPlaceName(name: RegistryName, path: JsonPath): string {
  const [first, ...rest] = path
  const isFlatMap = isSubRegistry(name)
  if (first === undefined) return name
  if (isFlatMap) return [`${name}/${first}`, ...rest].join('.')
  return [name, ...path].join('.')
}
