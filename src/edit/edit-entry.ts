import type { Edit, EditPlan } from '../journal/commit-edit.ts'
import { NexusError } from '../lib/errors.ts'
import {
  isJsonObject,
  isSameJson,
  type JsonPath,
  listChangedKeys,
  parsePointer,
  valueAt,
} from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import type { Host } from '../platform/host.ts'
import { keepDetected, withoutDetection } from '../registry/entries.ts'
import type { HomeContent } from '../registry/home/update-home.ts'
import { type RegistryName, registryNames } from '../registry/schema/names.ts'
import { createTextValidation, findNewFindings, type TextFinding } from '../validate/validate-content.ts'
import { changeDocuments, keepVariables, requireLasting } from './change-documents.ts'
import { type EntryTarget, findEntryTarget, readEditedHome } from './edited-home.ts'
import { createPlaces, type EditProblem, throwProblems } from './problems.ts'

/** An entry as it was read for an edit. */
export interface EditedEntry {
  readonly target: EntryTarget
  /** Its value without what was found on this machine. */
  readonly value: unknown
}

/** The entry that a name means. Throws a NexusError when there is none. */
export function readEditedEntry(name: string, texts: HomeContent): EditedEntry {
  const home = readEditedHome(texts)
  const target = findEntryTarget(name, home)
  const value = valueAt(home.documents.get(target.registry), target.path)
  return { target, value: withoutDetection(value) }
}

/** The text of a draft: the fields of an entry, without what was found on this machine. */
export function renderDraft({ value }: EditedEntry): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

export interface EditedFields {
  readonly value: Readonly<Record<string, unknown>>
  /** Where something stands in the draft: `draft.json:3:5`. */
  readonly toPlace: (path: JsonPath) => string
}

/** Reads a draft. Throws a NexusError('input') that says where it is no object of JSON. */
export function parseDraft(text: string, file: string): EditedFields {
  const places = createPlaces(text, file)
  const { root, value, errors } = parseJson(text)
  throwProblems(
    errors.map(({ start, message, hint }) => ({
      place: places.at(start),
      message,
      hint: hint ?? undefined,
    })),
    'the draft cannot be read',
  )
  if (!isJsonObject(value) || root === undefined) {
    throw new NexusError('input', `${file}: expected the fields of an entry, an object`)
  }
  return { value, toPlace: path => places.of(root, path) }
}

/** What a draft changes. */
export interface EntryEditPlan extends EditPlan {
  readonly ref: string
  /** First keys of what changes in the entry. */
  readonly fields: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * New fields of an entry as an edit. Its plan throws a NexusError('input') for what is not valid, and where the entry was
 * changed since it was read.
 */
export function toEntryEdit(
  read: EditedEntry,
  draft: EditedFields,
  host: Pick<Host, 'clock'>,
): Edit<EntryEditPlan> {
  const { validate } = createTextValidation(host)
  return {
    command: 'edit',
    names: registryNames,
    plan: async texts => {
      const plan = planEntryEdit(read, draft, texts)
      if (plan.texts.size === 0) return { ...plan, warnings: [] }
      const found = await findNewFindings(
        { before: texts, after: new Map([...texts, ...plan.texts]) },
        validate,
      )
      const errors = found.filter(({ severity }) => severity === 'error')
      throwProblems(
        errors.map(error => toProblem(error, read.target, draft)),
        'nothing can be changed',
      )
      const warnings = found.filter(({ severity }) => severity === 'warning')
      return { ...plan, warnings: warnings.map(({ message }) => message) }
    },
  }
}

function planEntryEdit({ target, value }: EditedEntry, draft: EditedFields, texts: HomeContent) {
  const { ref, registry, path } = target
  const home = readEditedHome(texts)
  const current = valueAt(home.documents.get(registry), path)
  if (!isSameJson(withoutDetection(current), value)) {
    const what = current === undefined ? 'removed' : 'changed'
    throw new NexusError('input', `${ref} was ${what} while you edited it. Nothing was changed`, {
      hint: `See it: nexus-registry changes --ref ${ref}`,
    })
  }
  const after = withoutDetection(draft.value)
  if (isSameJson(after, value)) return { ref, fields: [], texts: new Map<RegistryName, string>() }
  const change = { registry, path, value: keepDetected(after, current) }
  const changed = changeDocuments([change], texts, home.documents)
  requireLasting(changed, home.documents)
  // The variable of a provider follows what the user writes.
  const kept = registry === 'providers' ? changed : keepVariables(changed, home)
  return { ref, fields: listChangedKeys(value, after), texts: kept }
}

/** A finding at its place in the draft; what is about another entry keeps its own name. */
function toProblem(
  { registry, pointer, message, hint }: TextFinding,
  target: EntryTarget,
  draft: EditedFields,
): EditProblem {
  const path = parsePointer(pointer)
  const isOwn = registry === target.registry && target.path.every((part, index) => part === path[index])
  const place = isOwn ? draft.toPlace(path.slice(target.path.length)) : undefined
  return { place, message, hint: hint ?? undefined }
}
