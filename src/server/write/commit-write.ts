import { listHomeRequests } from '../../detection/review-home.ts'
import { isSameJson } from '../../lib/json/json-value.ts'
import type { FullResponse } from '../../platform/http.ts'
import { type FileChange, type HomeContent, updateHomeByPlan } from '../../registry/home/update-home.ts'
import { parseRegistry } from '../../registry/load/parse-registry.ts'
import { type RegistryName, registryFiles, registryNames } from '../../registry/schema/names.ts'
import type { LoadedRegistry, Snapshot } from '../../registry/snapshot.ts'
import type { AuditLine } from '../../security/audit-log.ts'
import { hashesOf, renewTrust } from '../../security/trust.ts'
import {
  createTextValidation,
  type TextFinding,
  type TextValidation,
} from '../../validate/validate-content.ts'
import type { HomeContext } from '../server-state.ts'
import { type Hashes, recordWrite } from './audit.ts'
import { toShownTag } from './current-state.ts'
import { type Content, evaluateWrite } from './evaluate-write.ts'
import { planWrite } from './plan-write.ts'
import { isReader, type WriteRequest } from './write-request.ts'

/** The result of a write. */
export type WriteDecision = CommittedWrite | RefusedWrite

export interface CommittedWrite {
  readonly kind: 'done'
  readonly result: 'created' | 'updated' | 'removed' | 'unchanged'
  /** ETag of what GET returns now; undefined for a caller that may not read the registry. */
  readonly etag: string | undefined
  readonly warnings: readonly TextFinding[]
  readonly hashes: Hashes
  /** The line of the audit log. */
  readonly line: AuditLine
}

export interface RefusedWrite {
  readonly kind: 'refused'
  readonly answer: FullResponse
  readonly hashes: Hashes
}

interface CommitOptions {
  /** The registries as the server has them. */
  readonly snapshot: Snapshot
  readonly toLine: (done: Pick<CommittedWrite, 'result' | 'hashes'>) => AuditLine
}

/**
 * Makes a write under the lock of its home: reads the current files, decides, records, and puts the new file in place.
 * Throws a NexusError when it cannot, and a CommitError when it is unknown whether the write was made.
 */
export async function commitWrite(
  write: WriteRequest,
  { snapshot, toLine }: CommitOptions,
  { home: { directory }, host, audit }: Pick<HomeContext, 'home' | 'host' | 'audit'>,
): Promise<WriteDecision> {
  const names = await findRegularFiles(write, directory, host)
  const validation = createTextValidation(host, snapshot)
  const plan = (locked: HomeContent) => {
    const before = new Map(
      registryNames.map(name => [
        name,
        names.includes(name) ? locked.get(name) : snapshot.registries[name].text,
      ]),
    )
    return decideWrite(write, { before, validation, toLine }, host)
  }
  const beforeCommit = async (changes: readonly FileChange[], { decision }: DecidedWrite) => {
    if (changes.length === 0 || decision.kind !== 'done') return
    await recordWrite(decision.line, audit)
    // Entries that came over HTTP are marked, and marked entries run nothing: trust is renewed. Documents have no marks:
    // with a new address they have to be trusted again.
    if (hasSameRequests(changes, snapshot))
      await renewTrust(directory, hashesOf('before', changes), hashesOf('after', changes), host)
  }
  return (await updateHomeByPlan(directory, { names, plan }, host, { beforeCommit })).plan.decision
}

interface DecidedWrite {
  readonly decision: WriteDecision
  /** What the update writes. */
  readonly texts: ReadonlyMap<RegistryName, string>
}

interface DecisionBasis extends Pick<CommitOptions, 'toLine'> {
  readonly before: Content
  readonly validation: TextValidation
}

/** Decides about a write by the content that is locked. Changes nothing. */
async function decideWrite(
  write: WriteRequest,
  { before, validation, toLine }: DecisionBasis,
  host: HomeContext['host'],
): Promise<DecidedWrite> {
  const { registry, change } = write
  const { load, validate } = validation
  const current: LoadedRegistry = load(registry, before.get(registry))
  const hashBefore = current.text === undefined ? null : (current.sha256 ?? host.sha256(current.text))
  const refuse = (answer: FullResponse): DecidedWrite => ({
    decision: { kind: 'refused', answer, hashes: { before: hashBefore, after: null } },
    texts: new Map(),
  })
  const plan = planWrite(write, { current, hyper: load('hyper', before.get('hyper')) }, host)
  if (plan.kind === 'refused') return refuse(plan.answer)
  const { text } = plan
  const isSame = text === current.text
  const after = new Map([...before, [registry, text]])
  const { refusal, warnings } = isSame ? unchanged : await evaluateWrite(write, { before, after }, validate)
  if (refusal) return refuse(refusal)
  const hashes = { before: hashBefore, after: isSame ? hashBefore : host.sha256(text) }
  const etag = isReader(write) ? toShownTag(load(registry, text), change, host) : undefined
  const result = isSame ? 'unchanged' : plan.result
  const line = toLine({ result, hashes })
  return {
    decision: { kind: 'done', result, etag, warnings, hashes, line },
    texts: new Map([[registry, text]]),
  }
}

const unchanged = { refusal: undefined, warnings: [] } as const

/** Whether a change of the hyper or dashboard registry keeps all requests that this machine sends for them. */
function hasSameRequests(changes: readonly FileChange[], { registries }: Snapshot): boolean {
  return changes.every(({ name, before, after }) => {
    if (name !== 'hyper' && name !== 'dashboard') return true
    const requestsOf = (text: string | undefined) => {
      const parsed = parseRegistry(name, registries[name].path, new TextEncoder().encode(text ?? ''))
      return listHomeRequests({ registries: { ...registries, [name]: { ...parsed, sha256: undefined } } })
    }
    return isSameJson(requestsOf(before?.text), requestsOf(after.text))
  })
}

// An update takes no links. For those the text that the server loaded last is used.
async function findRegularFiles(
  { registry }: WriteRequest,
  directory: string,
  { fs, path }: HomeContext['host'],
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
