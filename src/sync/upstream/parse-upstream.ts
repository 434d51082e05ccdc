import { isJsonObject } from '../../lib/json/json-value.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import { toCleanText } from '../../lib/text/text.ts'
import { checkContent } from '../../registry/load/check-content.ts'
import { decodeText } from '../../registry/load/decode-text.ts'
import { toPlaceName } from '../../registry/load/diagnose.ts'
import type { SchemaIssue } from '../../registry/load/schema-faults.ts'
import { withoutMarks } from '../../registry/marked-entry.ts'
import type { SubRegistryName } from '../../registry/schema/names.ts'

/** What an upstream sent: a registry, or why it is none. Sentences have no full stop. */
export type UpstreamDocument =
  | {
      readonly kind: 'registry'
      /** The sound entries by id, without what only this program writes. */
      readonly entries: Readonly<Record<string, unknown>>
      /** Ids of the others. */
      readonly quarantined: readonly string[]
      readonly warnings: readonly string[]
    }
  | { readonly kind: 'unusable'; readonly reason: string }

const longestSentence = 1024
const mostWarnings = 20

/** Reads what an upstream sent as the registry of this name. A broken entry is named, and the others are taken. */
export function parseUpstream(
  name: SubRegistryName,
  { body, type }: { readonly body: Uint8Array; readonly type: string },
): UpstreamDocument {
  const { text, fault } = decodeText(body)
  if (/^(?:text\/html|application\/xhtml)/i.test(type) || text.startsWith('<'))
    return unusable('it is a page for browsers')
  if (fault) return unusable('it is not UTF-8')
  const { root, value, faults } = parseJson(text)
  if (root === undefined) return unusable(`it is no JSON: ${faults[0]?.message}`)
  if (!isJsonObject(value)) return unusable('it is no object of entries')
  const { content, quarantined, issues } = checkContent(name, withoutMarksOfEntries(value))
  const [first] = issues
  if (content === undefined || (quarantined.length > 0 && Object.keys(content).length === 0))
    return unusable(`it has no sound entry${first ? `: ${explain(name, first)}` : ''}`)
  return {
    kind: 'registry',
    entries: content,
    quarantined,
    warnings: [...faults.map(({ message }) => toSentence(message)), ...toWarnings(name, quarantined, issues)],
  }
}

function unusable(reason: string): UpstreamDocument {
  return { kind: 'unusable', reason: toSentence(reason) }
}

// Before they are checked: a mark that is broken does not cost the entry that it stands in.
function withoutMarksOfEntries(document: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    Object.entries(document)
      .filter(([id]) => id !== '$schema')
      .map(([id, entry]) => [id, isJsonObject(entry) ? withoutMarks(entry) : entry]),
  )
}

function toWarnings(
  name: SubRegistryName,
  quarantined: readonly string[],
  issues: readonly SchemaIssue[],
): string[] {
  const told = quarantined.slice(0, mostWarnings).map(id => {
    const issue = issues.find(({ path }) => path[0] === id)
    return toSentence(`${issue ? explain(name, issue) : `${name}/${id}`}; the entry is left out`)
  })
  const rest = quarantined.length - told.length
  return rest > 0 ? [...told, `${rest} more entries of ${name} are left out`] : told
}

function explain(name: SubRegistryName, issue: SchemaIssue): string {
  return `${toPlaceName(name, issue.path)}: ${issue.describe().message}`
}

function toSentence(text: string): string {
  return toCleanText(text, longestSentence)
}
