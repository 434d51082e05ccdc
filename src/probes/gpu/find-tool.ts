import type { ProbeContext } from '../../core/probe.ts'

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
  const { result } = await programs.find(name)
  if (result?.kind === 'found') return { name, path: result.target, identity: result.identity }
  for (const directory of directories) {
    const path = host.path.join(directory, name)
    const info = await host.fs.stat(path).catch(() => undefined)
    if (info?.kind === 'file' && (await host.fs.isExecutable(path)))
      return { name, path, identity: [path, info.inode, info.size, info.mtimeMs, info.ctimeMs].join(' ') }
  }
  return undefined
}
