import type { ProbeContext } from '../probe.ts'

/** A vendor's tool, and what changes when it is replaced. */
export interface Tool {
  readonly name: string
  readonly path: string
  readonly identity: string
}

/** The tool on PATH, else in the directories where its installer puts it without touching PATH. */
export async function findTool(
  name: string,
  directories: readonly string[],
  { programs, host }: Pick<ProbeContext, 'programs' | 'host'>,
): Promise<Tool | undefined> {
  for (const place of [name, ...directories.map(directory => host.path.join(directory, name))]) {
    const { result } = await programs.find(place)
    if (result?.kind === 'found') return { name, path: result.target, identity: result.identity }
  }
  return undefined
}
