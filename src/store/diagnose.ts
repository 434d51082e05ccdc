import type { Diagnostic, Severity } from '../core/diagnostic.ts'
import { type JsonPath, toPointer } from '../core/json/json-value.ts'
import { findMember, findNode, type JsonFault, type JsonNode } from '../core/json/parse-json.ts'
import { createPositionIndex } from '../core/json/text-position.ts'
import type { RegistryName } from '../schema/names.ts'
import type { SchemaFault } from './schema-faults.ts'

/** Something wrong at a place in a registry. */
export interface PlacedFault extends Pick<SchemaFault, 'message' | 'hint' | 'path' | 'isAboutKey'> {
  readonly rule: string
  /** An error unless said otherwise. */
  readonly severity?: Severity
}

export interface Diagnoser {
  ofText(fault: JsonFault): Diagnostic
  ofPlace(root: JsonNode, fault: PlacedFault): Diagnostic
}

/** Turns what is wrong with a file into diagnostics with lines and columns. */
export function createDiagnoser(file: { name: RegistryName; file: string; text: string }): Diagnoser {
  const positionOf = createPositionIndex(file.text)
  const toDiagnostic = (
    fault: Omit<JsonFault, 'rule'> & { rule: string; severity?: Severity },
  ): Diagnostic => {
    const from = positionOf(fault.start)
    const to = positionOf(fault.end)
    return {
      rule: fault.rule,
      severity: fault.severity ?? 'error',
      message: fault.message,
      file: file.file,
      line: from.line,
      column: from.column,
      end_line: to.line,
      end_column: to.column,
      pointer: fault.pointer,
      hint: fault.hint,
    }
  }
  return {
    ofText: toDiagnostic,
    ofPlace: (root, fault) => {
      const message = `${toPlaceName(file.name, fault.path)}: ${fault.message}`
      return toDiagnostic({ ...fault, message, pointer: toPointer(fault.path), ...rangeOf(root, fault) })
    },
  }
}

/** Where a value or key stands; for something missing, the key of the nearest thing that should hold it. */
export function rangeOf(
  root: JsonNode,
  place: { path: JsonPath; isAboutKey: boolean },
): { start: number; end: number } {
  const node = findNode(root, place.path)
  if (node && !place.isAboutKey) return node
  const key = place.path.at(-1)
  const parent = findNode(root, place.path.slice(0, -1))
  const member = parent && key !== undefined ? findMember(parent, String(key)) : undefined
  if (member) return { start: member.start, end: member.keyEnd }
  if (place.path.length === 0) return { start: root.start, end: Math.min(root.start + 1, root.end) }
  return rangeOf(root, { path: place.path.slice(0, -1), isAboutKey: true })
}

/** Name of a place for people: `tools/docker.env_var`, `hyper.metadata.cache_ttl_seconds`. */
export function toPlaceName(name: RegistryName, path: JsonPath): string {
  const [first, ...rest] = path
  const isFlatMap = name !== 'hyper' && name !== 'dashboard'
  if (first === undefined) return name
  if (isFlatMap) return [`${name}/${first}`, ...rest].join('.')
  return [name, ...path].join('.')
}
