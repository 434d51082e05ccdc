import { mkdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { writeScript } from '../processes/script.ts'

const programs = ['one', 'two', 'three', 'four'] as const

/** A user with a registry home of two tools and two frameworks, which are scripts that print a version. */
export interface VersionedHome {
  /** Home directory of the user. */
  readonly directory: string
  /** The registry home. */
  readonly home: string
  readonly env: Record<string, string>
  /** Makes all four print another version. */
  release(version: string): Promise<void>
  /** Versions that the two files hold, each once. Rejects when a file is not whole. */
  versions(): Promise<{ tools: string[]; ml_frameworks: string[] }>
}

/** Lays the user out in a directory. The home is the user's own, so it is trusted to run its scripts. */
export async function writeVersionedHome(
  directory: string,
  home = defaultHome(directory),
): Promise<VersionedHome> {
  const bin = nodePath.join(directory, 'bin')
  await mkdir(home, { recursive: true, mode: 0o700 })
  const toEntry = (name: string) => [
    name,
    { detection: `which ${name}`, env_var: `NEXUS_HAS_${name.toUpperCase()}`, version_check: name },
  ]
  const [one, two, three, four] = programs.map(toEntry)
  const frameworks = [three, four].map(entry => [
    entry?.[0],
    { ...Object(entry?.[1]), import_name: 'none', probe: 'path' },
  ])
  await writeFile(nodePath.join(home, 'tool_registry.json'), toText([one, two]))
  await writeFile(nodePath.join(home, 'ml_framework_registry.json'), toText(frameworks))
  return {
    directory,
    home,
    env: { PATH: `${bin}:/usr/bin:/bin` },
    release: async version => {
      await Promise.all(programs.map(name => writeScript(nodePath.join(bin, name), `echo ${version}`)))
    },
    versions: async () => ({
      tools: await versionsIn(nodePath.join(home, 'tool_registry.json')),
      ml_frameworks: await versionsIn(nodePath.join(home, 'ml_framework_registry.json')),
    }),
  }
}

function defaultHome(directory: string): string {
  return nodePath.join(directory, '.local/share/nexus-registry')
}

function toText(entries: readonly unknown[]): string {
  return `${JSON.stringify(Object.fromEntries(entries.map(entry => (Array.isArray(entry) ? entry : []))), null, 2)}\n`
}

async function versionsIn(file: string): Promise<string[]> {
  const entries: Record<string, { detected?: { version: string } }> = JSON.parse(await readFile(file, 'utf8'))
  return [...new Set(Object.values(entries).map(({ detected }) => detected?.version ?? 'none'))]
}
