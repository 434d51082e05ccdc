import { errorMessage, systemErrorCode } from '../../lib/errors.ts'
import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { findHomeBounds, type ProjectHost, readWithin } from '../home/directories.ts'
import { type RegistryName, registryFiles } from '../schema/names.ts'
import type { LoadedRegistry } from '../snapshot.ts'
import { type LargeReader, readRegistryBytes } from './large-registry.ts'
import { openValidationCache, type ValidationCache, type ValidationCacheHost } from './validation-cache.ts'

/** The text of a registry, for those who read it themselves. */
export interface RegistryText {
  readonly name: RegistryName
  /**
   * The very bytes of its file, or, where some of it is broken, the JSON text of its valid entries, also those of its
   * backup. Undefined when none can be used.
   */
  readonly bytes: Uint8Array | undefined
  /** The registry with its diagnostics; undefined when it has none. */
  readonly broken: LoadedRegistry | undefined
}

/** Texts of registries, which are not parsed when the same bytes were valid before. */
export async function loadRegistryContent(
  names: readonly RegistryName[],
  directory: string,
  host: LoadHost,
): Promise<RegistryText[]> {
  const notes = await openValidationCache(directory, host)
  const texts = await Promise.all(names.map(name => loadText(name, { directory, notes }, host)))
  await notes.save()
  return texts
}

async function loadText(
  name: RegistryName,
  source: { directory: string; notes: ValidationCache },
  host: LoadHost,
): Promise<RegistryText> {
  const known = await readValidBytes(name, source, host)
  if (known) return { name, bytes: known, broken: undefined }
  const loaded = await readRegistry(name, source, host)
  const { content, diagnostics, text } = loaded
  if (content === undefined) return { name, bytes: undefined, broken: loaded }
  const isBroken = diagnostics.length > 0
  const bytes = new TextEncoder().encode(isBroken ? JSON.stringify(content) : text)
  return { name, bytes, broken: isBroken ? loaded : undefined }
}

export type LoadHost = ValidationCacheHost & ProjectHost

export interface LoadOptions {
  /** Whether only the files count, and no backup replaces one that cannot be used: for checks of files. */
  readonly isStrict?: boolean
  /** Reads large files elsewhere: for a process that has other things to do meanwhile. */
  readonly large?: LargeReader | undefined
}

/**
 * Reads one registry of a home. Errors of the file are in its `diagnostics`, never thrown; where the file cannot
 * be used as a whole, the content is that of its backup.
 */
export async function loadRegistry<Name extends RegistryName>(
  name: Name,
  directory: string,
  host: LoadHost,
  options: LoadOptions = {},
): Promise<LoadedRegistry<Name>> {
  const notes = await openValidationCache(directory, host)
  const loaded = await readRegistry(name, { directory, notes, ...options }, host)
  await notes.save()
  return loaded
}

interface Source extends LoadOptions {
  readonly directory: string
  readonly notes: ValidationCache
}

/** Like `loadRegistry`, with notes that several registries share and their caller saves. */
export async function readRegistry<Name extends RegistryName>(
  name: Name,
  source: Source,
  host: LoadHost,
): Promise<LoadedRegistry<Name>> {
  const loaded = await readOwnFile(name, source, host)
  if (loaded.state === 'ok' || source.isStrict) return loaded
  const { withBackup } = await import('../backup/backups.ts')
  return withBackup(loaded, source.directory, host)
}

async function readOwnFile<Name extends RegistryName>(
  name: Name,
  source: Source,
  host: LoadHost,
): Promise<LoadedRegistry<Name>> {
  const path = host.path.join(source.directory, registryFiles[name])
  const read = await readHomeFile(path, host)
  if (read.problem) return withoutContent(name, path, read.problem)
  const { notes, large } = source
  const file = { name, path, bytes: read.bytes }
  const isKnown = (sha256: string) => notes.isValid(toNote(name, sha256))
  const prefix = toNote(name, '')
  const known = notes.list().filter(note => note.startsWith(prefix))
  const apart = await large?.read({ ...file, knownHashes: known.map(note => note.slice(prefix.length)) })
  // The other thread has taken the bytes, and failed: without it the file is read again.
  if (large && apart === undefined && read.bytes.length === 0)
    return readOwnFile(name, { ...source, large: undefined }, host)
  const loaded = apart ?? (await readRegistryBytes(file, { sha256: host.sha256, isKnown }))
  if (loaded.diagnostics.length === 0 && loaded.sha256) notes.add(toNote(name, loaded.sha256))
  return loaded
}

/** One registry that may lie anywhere and be called anything, or come from stdin. */
export interface LooseRegistry {
  readonly name: RegistryName
  /** Absolute path, or what to call it. */
  readonly path: string
  readonly readBytes: () => Promise<Uint8Array | undefined>
}

/** Like `loadRegistry`, for a registry that belongs to no home. */
export async function loadLooseRegistry(
  { name, path, readBytes }: LooseRegistry,
  host: Pick<Host, 'path' | 'sha256'>,
): Promise<LoadedRegistry> {
  const read = await readFile(path, readBytes, host)
  if (read.problem) return withoutContent(name, path, read.problem)
  const { parseRegistry } = await import('./parse-registry.ts')
  return { ...parseRegistry(name, path, read.bytes), sha256: host.sha256(read.bytes) }
}

/** Bytes of a registry's file, when the same bytes were valid before; undefined when they have to be checked. */
export async function readValidBytes(
  name: RegistryName,
  { directory, notes }: Source,
  host: LoadHost,
): Promise<Uint8Array | undefined> {
  const read = await readHomeFile(host.path.join(directory, registryFiles[name]), host)
  if (read.problem) return undefined
  return notes.isValid(toNote(name, host.sha256(read.bytes))) ? read.bytes : undefined
}

function toNote(name: RegistryName, sha256: string): string {
  return `${name} ${sha256}`
}

type ReadFile =
  | { readonly bytes: Uint8Array; readonly problem?: undefined }
  | { readonly problem: LoadProblem }

function readHomeFile(path: string, host: LoadHost): Promise<ReadFile> {
  const read = async () =>
    readWithin(await findHomeBounds(host.path.dirname(path), host), path, limits.fileBytes, host)
  return readFile(path, read, host)
}

async function readFile(
  path: string,
  readBytes: LooseRegistry['readBytes'],
  host: Pick<Host, 'path'>,
): Promise<ReadFile> {
  try {
    const bytes = await readBytes()
    if (bytes !== undefined) return { bytes }
    const message = `${host.path.basename(path)} is missing`
    const hint = 'Put it back, or take it from a new home: nexus-registry init DIR'
    return { problem: { state: 'missing', rule: 'missing-registry', message, hint } }
  } catch (error) {
    return { problem: { state: 'failed', ...explainReadError(error) } }
  }
}

interface LoadProblem extends Pick<Diagnostic, 'rule' | 'message'> {
  readonly state: 'missing' | 'failed'
  readonly hint: string
}

function explainReadError(error: unknown): { rule: string; message: string; hint: string } {
  if (systemErrorCode(error) === 'EFBIG') {
    const hint = `Registries hold at most ${limits.fileBytes} bytes; split it or remove what is not needed`
    return { rule: 'json-syntax', message: errorMessage(error), hint }
  }
  if (systemErrorCode(error) === 'EXDEV') {
    const hint = 'Put the file itself there: a link may not lead out of a repository or a registry home'
    return { rule: 'missing-registry', message: `is not read: ${errorMessage(error)}`, hint }
  }
  const message = `cannot be read: ${errorMessage(error)}`
  return { rule: 'missing-registry', message, hint: 'Check that it is a file that you may read' }
}

function withoutContent<Name extends RegistryName>(
  name: Name,
  path: string,
  problem: LoadProblem,
): LoadedRegistry<Name> {
  const { state, ...finding } = problem
  const place = { line: 1, column: 1, end_line: 1, end_column: 1, pointer: '' }
  return {
    name,
    path,
    state,
    content: undefined,
    text: undefined,
    sha256: undefined,
    quarantined: [],
    diagnostics: [{ ...finding, severity: 'error', file: path, ...place }],
  }
}
