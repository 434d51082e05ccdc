import { listHomeRequests } from '../../detection/review-home.ts'
import { isSameJson } from '../../lib/json/json-value.ts'
import type { FullResponse } from '../../platform/http.ts'
import { type FileChange, type HomeContent, updateHome } from '../../registry/home/update-home.ts'
import { parseRegistry } from '../../registry/load/parse-registry.ts'
import { type RegistryName, registryFiles, registryNames } from '../../registry/schema/names.ts'
import type { Snapshot } from '../../registry/snapshot.ts'
import { hashesOf, renewTrust } from '../../security/trust.ts'
import type { TextFinding } from '../../validate/validate-content.ts'
import type { Revision } from '../revision.ts'
import type { HomeServing } from '../server-state.ts'
import { evaluateWrite } from './judge-write.ts'
import { type Content, planWrite, type WritePlan } from './plan-write.ts'
import type { WriteRequest } from './write-request.ts'

/** How a write ended that came as far as the registries. */
export type Committed =
  | {
      readonly kind: 'done'
      readonly result: 'created' | 'updated' | 'removed' | 'unchanged'
      /** Text of the registry now. */
      readonly text: string
      readonly warnings: readonly TextFinding[]
      readonly hashes: Hashes
    }
  | { readonly kind: 'refused'; readonly answer: FullResponse; readonly hashes: Hashes }

/** SHA-256 of the registry's file. */
export interface Hashes {
  readonly before: string | null
  readonly after: string | null
}

export interface CommitSteps {
  readonly edition: Revision
  /** Called when nothing is left to be decided, and nothing has happened; when it throws, nothing does. */
  readonly record: (done: Extract<Committed, { kind: 'done' }>) => Promise<void>
  /** Called when from now on nobody can tell whether it has happened, should something break. */
  readonly onPoint: () => void
}

/**
 * Changes a registry under the lock of its home, by the texts that are there at that moment. Throws a NexusError when it
 * cannot be done.
 */
export async function commitWrite(
  order: WriteRequest,
  { edition, record, onPoint }: CommitSteps,
  { home, host }: Pick<HomeServing, 'home' | 'host'>,
): Promise<Committed> {
  const names = await findPlainFiles(order, home.directory, host)
  let before: Content = new Map()
  let plan: WritePlan | undefined
  let warnings: readonly TextFinding[] = []
  const edit = (locked: HomeContent) => {
    before = new Map(registryNames.map(name => [name, readText(name, { names, locked, edition })]))
    plan = planWrite(order, before, host)
    return new Map(plan.kind === 'planned' ? [[order.registry, plan.text]] : [])
  }
  const approve = async () => {
    if (plan?.kind !== 'planned' || plan.text === before.get(order.registry)) return true
    const after = new Map([...before, [order.registry, plan.text]])
    const verdict = await evaluateWrite(order, { before, after }, host)
    if (verdict.refusal) plan = { kind: 'refused', answer: verdict.refusal }
    warnings = verdict.warnings
    return verdict.refusal === undefined
  }
  const toCommitted = () => toResult({ plan, before: before.get(order.registry), warnings }, host)
  await updateHome(home.directory, names, edit, host, {
    approve,
    beforeCommit: async changes => {
      const done = toCommitted()
      if (changes.length === 0 || done.kind !== 'done') return
      await record(done)
      // What came over HTTP is marked, and marked entries run nothing: so what was trusted stays trusted. Documents have
      // no marks: with an address that is new, they have to be trusted again.
      if (isSameRequests(changes, edition.snapshot)) {
        await renewTrust(home.directory, hashesOf('before', changes), hashesOf('after', changes), host)
      }
      onPoint()
    },
  })
  return toCommitted()
}

/** Whether a change of the hyper or dashboard registry leaves alone what is requested from this machine. */
function isSameRequests(changes: readonly FileChange[], { registries }: Snapshot): boolean {
  return changes.every(({ name, before, after }) => {
    if (name !== 'hyper' && name !== 'dashboard') return true
    const requestsOf = (text: string | undefined) => {
      const read = parseRegistry(name, registries[name].path, new TextEncoder().encode(text ?? ''))
      return listHomeRequests({ registries: { ...registries, [name]: { ...read, sha256: undefined } } })
    }
    return isSameJson(requestsOf(before?.text), requestsOf(after.text))
  })
}

// Others may be links, which an update does not take: then they are as they were a moment ago.
async function findPlainFiles(
  { registry }: WriteRequest,
  directory: string,
  { fs, path }: HomeServing['host'],
): Promise<RegistryName[]> {
  const found = await Promise.all(
    registryNames.map(async name => {
      if (name === registry) return [name]
      const file = path.join(directory, registryFiles[name])
      const info = await fs.lstat(file).catch(() => undefined)
      return info?.kind === 'file' && (await fs.isReadable(file)) ? [name] : []
    }),
  )
  return found.flat()
}

interface ContentSources {
  readonly names: readonly RegistryName[]
  readonly locked: HomeContent
  readonly edition: Revision
}

function readText(name: RegistryName, { names, locked, edition }: ContentSources): string | undefined {
  return names.includes(name) ? locked.get(name) : edition.snapshot.registries[name].text
}

interface Decided {
  readonly plan: WritePlan | undefined
  readonly before: string | undefined
  readonly warnings: readonly TextFinding[]
}

function toResult({ plan, before, warnings }: Decided, { sha256 }: HomeServing['host']): Committed {
  if (plan === undefined) throw new Error('a write was not planned')
  const was = before === undefined ? null : sha256(before)
  if (plan.kind === 'refused')
    return { kind: 'refused', answer: plan.answer, hashes: { before: was, after: null } }
  const { text, result } = plan
  const isSame = text === before
  const hashes = { before: was, after: isSame ? was : sha256(text) }
  return { kind: 'done', result: isSame ? 'unchanged' : result, text, warnings, hashes }
}
