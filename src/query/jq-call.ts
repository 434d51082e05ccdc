import { NexusError } from '../lib/errors.ts'
import { limits } from '../lib/limits.ts'
import type { Host } from '../platform/host.ts'

/**
 * Where jq finds its filter: on a command line a long one would not fit on its stack. Files that it is given keep their
 * names, since it tells them in its messages, and none that can be read has this one.
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
