import { NexusError } from '../lib/errors.ts'
import { limits } from '../lib/limits.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryText } from '../registry/load/load-registry.ts'
import { registryNames } from '../registry/schema/names.ts'
import type { LoadedRegistry, Snapshot } from '../registry/snapshot.ts'
import type { QuerySubject } from './query-entries.ts'

/**
 * Where jq finds its filter: on a command line a long one would not fit on its stack. Files that it is given keep their
 * names, because its messages contain them, and none that can be read has this one.
 */
export const filterFile = '/'

/** What a filter is given beside its input. */
export interface JqOptions {
  /** Its own flags, as jq names them: `--raw-output`. */
  readonly flags: readonly string[]
  readonly texts: readonly NamedValue[]
  readonly values: readonly NamedValue[]
  /** Names and paths of files, whose JSON values become lists. */
  readonly files: readonly NamedValue[]
  /** Names and paths of files, whose text becomes a text. */
  readonly rawFiles: readonly NamedValue[]
  /** `JQ_COLORS`, where it colors its output. */
  readonly colors?: string | undefined
  /** `$ARGS.positional`: texts as they are, or JSON values. */
  readonly positional?: { readonly texts: readonly string[] } | { readonly json: readonly string[] }
}

export interface NamedValue {
  readonly name: string
  readonly value: string
}

/** Arguments of jq, and the files that they name. */
export interface JqCall {
  readonly args: readonly string[]
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** Makes a call of jq of options. Throws a NexusError for what is too long, and for a file that cannot be read. */
export async function toJqCall(
  filter: string,
  { flags, texts, values, files, rawFiles, positional = { texts: [] } }: JqOptions,
  host: Pick<Host, 'fs' | 'path' | 'cwd'>,
): Promise<JqCall> {
  requireAtMost(limits.filterBytes, filter, 'the filter')
  const loaded = await Promise.all(
    [...files, ...rawFiles].map(async ({ value }) => [value, await loadFile(value, host)] as const),
  )
  const args = [
    ...flags,
    ...texts.flatMap(({ name, value }) => ['--arg', name, value]),
    ...values.flatMap(({ name, value }) => ['--argjson', name, value]),
    ...files.flatMap(({ name, value }) => ['--slurpfile', name, value]),
    ...rawFiles.flatMap(({ name, value }) => ['--rawfile', name, value]),
  ]
  // Behind the filter, and behind `--`: a value may begin with a dash.
  const behind =
    'json' in positional ? ['--jsonargs', '--', ...positional.json] : ['--args', '--', ...positional.texts]
  requireAtMost(limits.filterArgumentBytes, [...args, ...behind].join(' '), 'what is given to the filter')
  return {
    args: [...args, '--from-file', filterFile, ...behind],
    files: new Map([...loaded, [filterFile, new TextEncoder().encode(filter)]]),
  }
}

function requireAtMost(most: number, text: string, what: string): void {
  const length = new TextEncoder().encode(text).length
  if (length <= most) return
  throw new NexusError('usage', `${what} has ${length} bytes, the limit is ${most}`, {
    hint: 'Data may come from a file: --slurpfile NAME FILE',
  })
}

/** Reads the filter of `--from-file`. Throws a NexusError for a file that cannot be read. */
export async function loadFilter(path: string, host: Pick<Host, 'fs' | 'path' | 'cwd'>): Promise<string> {
  return new TextDecoder().decode(await loadFile(path, host))
}

async function loadFile(path: string, { fs, path: paths, cwd }: Pick<Host, 'fs' | 'path' | 'cwd'>) {
  const bytes = await fs.readBytes(paths.resolve(cwd, path), limits.fileBytes).catch((cause: unknown) => {
    throw new NexusError('input', `${path} cannot be read`, {
      hint: 'It has to be a regular file that you may read, not a pipe, and not too large',
      cause,
    })
  })
  if (bytes) return bytes
  throw new NexusError('input', `there is no file ${JSON.stringify(path)}`, { hint: 'Check its name' })
}

/**
 * What a filter reads: of one registry its text as it is, of all of them an object of these texts by registry name.
 * Nothing is parsed and written again, so that jq sees numbers and the order of keys as they stand in the files.
 */
export function toFilterInput(texts: readonly RegistryText[], isAll: boolean): Uint8Array {
  const usable = texts.filter(({ bytes }) => bytes !== undefined)
  const encoder = new TextEncoder()
  const parts = usable.flatMap(({ name, bytes = new Uint8Array() }, index) =>
    isAll ? [encoder.encode(`${index === 0 ? '' : ','}${JSON.stringify(name)}:`), bytes] : [bytes],
  )
  return concatenate(isAll ? [encoder.encode('{'), ...parts, encoder.encode('}\n')] : parts)
}

/** The same of a snapshot. A registry that may not be seen is not among them. */
export function toSnapshotInput({ registries }: Snapshot, subject: QuerySubject): Uint8Array {
  const names = subject === 'all' ? registryNames : [subject]
  return toFilterInput(
    names.map(name => toText(registries[name])),
    subject === 'all',
  )
}

// What is broken, or a copy of it, is written anew: the text is that of the file.
function toText(loaded: LoadedRegistry): RegistryText {
  const { name, content, text, diagnostics, copy } = loaded
  if (content === undefined) return { name, bytes: undefined, broken: loaded }
  const isBroken = diagnostics.length > 0 || copy !== undefined
  const bytes = new TextEncoder().encode(isBroken ? JSON.stringify(content) : text)
  return { name, bytes, broken: isBroken ? loaded : undefined }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const [only, ...others] = parts
  if (only && others.length === 0) return only
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
