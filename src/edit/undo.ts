import type { Edit, EditPlan } from '../journal/commit-edit.ts'
import { createHashAt, hashEntry, isCount } from '../journal/entry-changes.ts'
import { listUndoIds, loadUndoData, type UndoData } from '../journal/undo-data.ts'
import { NexusError } from '../lib/errors.ts'
import { editJson } from '../lib/json/edit-json.ts'
import { findJsonNode } from '../lib/json/json-node.ts'
import { patchJson, toMemberValue } from '../lib/json/member-changes.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import type { Host, UserFilesHost } from '../platform/host.ts'
import { type HomeContent, readHomeFiles, toHomeContent } from '../registry/home/update-home.ts'
import {
  type RegistryName,
  registryFiles,
  registryNames,
  subRegistryNames,
} from '../registry/schema/names.ts'
import { createTextValidation, findNewFindings } from '../validate/validate-content.ts'

/** What an undo changes. */
export interface UndoPlan extends EditPlan {
  readonly undone: Pick<UndoData, 'id' | 'time' | 'command'>
  /** Entries that get their old content back: `tools/uv`. */
  readonly refs: readonly string[]
}

/** The last edit of a home that can be undone, and the ids of later ones that never happened or are undone already. */
export interface LastEdit {
  readonly data: UndoData | undefined
  readonly obsolete: readonly string[]
}

/** Finds the last edit of a home. One whose entries are all as they were before it is passed over. */
export async function findLastEdit(home: string, host: UserFilesHost): Promise<LastEdit> {
  const obsolete: string[] = []
  for (const id of await listUndoIds(home, host)) {
    const data = await loadUndoData(home, id, host)
    if (data === undefined) {
      obsolete.push(id)
      continue
    }
    const names = data.files.map(({ name }) => name)
    const files = await readHomeFiles(home, names, host)
    const texts = toHomeContent(files)
    if (!isReverted(data, texts, host)) return { data, obsolete }
    obsolete.push(id)
  }
  return { data: undefined, obsolete }
}

/** Undoes an edit as an edit of its own. Its plan throws a NexusError('input') when entries were edited since. */
export function toUndoEdit(data: UndoData, host: Pick<Host, 'sha256' | 'clock'>): Edit<UndoPlan> {
  return { command: 'undo', names: registryNames, plan: texts => planUndo(data, texts, host) }
}

async function planUndo(
  data: UndoData,
  texts: HomeContent,
  host: Pick<Host, 'sha256' | 'clock'>,
): Promise<UndoPlan> {
  const edited = listEditedSince(data, texts, host)
  if (edited.length > 0) {
    throw new NexusError('input', `cannot undo ${data.command}: ${joinSome(edited)} changed since`, {
      hint: 'Show what changed: nexus-registry changes',
    })
  }
  const reverted = new Map<RegistryName, string>()
  for (const { name, changes } of data.files) {
    const patches = changes.map(({ path, before, place }) => ({ path, text: before, place }))
    reverted.set(name, patchJson(texts.get(name) ?? '{}', patches))
  }
  const counted = correctCounts(data, new Map([...texts, ...reverted]))
  const changed = [...counted].filter(([name, text]) => text !== undefined && text !== texts.get(name))
  const result = new Map(
    changed.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const])),
  )
  await requireValid({ before: texts, after: new Map([...texts, ...result]) }, data, host)
  const { id, time, command } = data
  const refs = subRegistryNames.flatMap(registry => {
    const file = data.files.find(({ name }) => name === registry)
    return Object.keys(file?.entries ?? {}).map(entry => `${registry}/${entry}`)
  })
  return { texts: result, undone: { id, time, command }, refs }
}

/** Whether everything is as it was before the edit: it was undone already, or never happened. */
function isReverted({ files }: UndoData, texts: HomeContent, host: Pick<Host, 'sha256'>): boolean {
  return files.every(({ name, changes }) => {
    const hashAt = createHashAt(texts.get(name), host)
    return changes.every(({ path, before }) => {
      if (isCount(name, path)) return true
      if (path.length === 0) return hashAt(path) === createHashAt(before, host)(path)
      return hashAt(path) === (before === undefined ? null : hashEntry(toMemberValue(before), host))
    })
  })
}

/** What is not as the edit left it: entries, and parts of the hyper and the dashboard registry. */
function listEditedSince({ files }: UndoData, texts: HomeContent, host: Pick<Host, 'sha256'>): string[] {
  return files.flatMap(({ name, changes, entries }) => {
    const hashAt = createHashAt(texts.get(name), host)
    if (changes.some(({ path, after }) => path.length === 0 && hashAt(path) !== after))
      return [registryFiles[name]]
    if (name !== 'hyper' && name !== 'dashboard')
      return Object.entries(entries).flatMap(([id, hash]) => (hashAt([id]) === hash ? [] : [`${name}/${id}`]))
    return changes.flatMap(({ path, after }) =>
      isCount(name, path) || hashAt(path) === after ? [] : [`${registryFiles[name]} ${path.join(' › ')}`],
    )
  })
}

/** Counts that the edit changed become what is there now. */
function correctCounts({ files }: UndoData, texts: HomeContent): HomeContent {
  const result = new Map(texts)
  for (const { name, changes } of files) {
    const counts = changes.map(({ path }) => path).filter(path => isCount(name, path))
    const text = result.get(name)
    if (counts.length === 0 || text === undefined) continue
    const edits = counts.flatMap(path => {
      const value = countEntries(name === 'hyper' ? path[1] : 'providers', texts)
      return value === undefined ? [] : [{ parent: path.slice(0, -1), key: path.at(-1) ?? '', value }]
    })
    result.set(
      name,
      editJson(text, root =>
        edits.filter(({ parent, key }) => findJsonNode(root, [...parent, key]) !== undefined),
      ),
    )
  }
  return result
}

function countEntries(name: string | undefined, texts: HomeContent): number | undefined {
  const registry = subRegistryNames.find(each => each === name)
  const { root } = parseJson((registry && texts.get(registry)) ?? '')
  return root?.kind === 'object' ? root.members.filter(({ key }) => key !== '$schema').length : undefined
}

async function requireValid(
  change: { readonly before: HomeContent; readonly after: HomeContent },
  { command }: UndoData,
  host: Pick<Host, 'clock'>,
): Promise<void> {
  const found = await findNewFindings(change, createTextValidation(host).validate)
  const error = found.find(({ severity }) => severity === 'error')
  if (error === undefined) return
  throw new NexusError('input', `cannot undo ${command}: ${error.message}`, {
    hint: error.hint ?? 'Remove what depends on it first',
  })
}

/** The first refs of a list, and how many more there are. */
export function joinSome(refs: readonly string[]): string {
  const more = refs.length > 5 ? ` and ${refs.length - 5} more` : ''
  return `${refs.slice(0, 5).join(', ')}${more}`
}
