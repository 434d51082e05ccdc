import { isJsonObject } from '../../../lib/json/json-value.ts'
import type { ProgramHost } from '../../probe.ts'
import { isVersionName, parseToml, readSmall, toAncestors } from './shim.ts'

/** Directories of a project's tree, nearest first, and the files of each that mise reads, most important first. */
interface MiseFiles {
  readonly local: readonly { readonly directory: string; readonly files: readonly string[] }[]
  /** Files of the user and of the machine, most important first. */
  readonly global: readonly string[]
}

// docs/configuration.md and src/config/mod.rs of mise: lowest precedence first.
const localFiles = [
  '.config/mise/conf.d/*.toml',
  '.config/mise/config.toml',
  '.config/mise/mise.toml',
  '.config/mise.toml',
  '.mise/conf.d/*.toml',
  '.mise/config.toml',
  'mise/conf.d/*.toml',
  'mise/config.toml',
  '.rtx.toml',
  'mise.toml',
  '.mise.toml',
  '.config/mise/config.local.toml',
  '.config/mise/mise.local.toml',
  '.config/mise.local.toml',
  '.mise/config.local.toml',
  'mise/config.local.toml',
  '.rtx.local.toml',
  'mise.local.toml',
  '.mise.local.toml',
]
const environmentFiles = [
  '.config/mise/config.ENV.toml',
  '.config/mise.ENV.toml',
  'mise/config.ENV.toml',
  'mise.ENV.toml',
  '.mise/config.ENV.toml',
  '.mise.ENV.toml',
  '.config/mise/config.ENV.local.toml',
  '.config/mise.ENV.local.toml',
  'mise/config.ENV.local.toml',
  'mise.ENV.local.toml',
  '.mise/config.ENV.local.toml',
  '.mise.ENV.local.toml',
]

/** Which files mise reads in the working directory. Whether they are there is not known yet, but for `conf.d`. */
export async function listMiseFiles(host: ProgramHost): Promise<MiseFiles> {
  const environments = await readEnvironments(host)
  const patterns = toPatterns(environments, host)
  const directories = toAncestors(host.cwd, host)
  const ceilings = new Set(split(host.env.MISE_CEILING_PATHS, host.path.delimiter))
  const end = directories.findIndex(directory => ceilings.has(directory))
  const local = (end === -1 ? directories : directories.slice(0, end)).map(async directory => ({
    directory,
    files: await expand(directory, patterns, host),
  }))
  return { local: await Promise.all(local), global: await listGlobalFiles(environments, host) }
}

/** Directory of the user's configuration; undefined when there is no home directory. */
function toMiseConfigDirectory(host: ProgramHost): string | undefined {
  const home = host.userHome && host.path.join(host.userHome, '.config')
  const config = host.env.XDG_CONFIG_HOME || home
  return host.env.MISE_CONFIG_DIR || (config && host.path.join(config, 'mise'))
}

/** Words between separators, without blanks around. */
export function split(text: string | undefined, separator: string): string[] {
  return (text ?? '')
    .split(separator)
    .map(word => word.trim())
    .filter(Boolean)
}

function toPatterns(environments: readonly string[], host: ProgramHost): string[] {
  const versions = split(host.env.MISE_OVERRIDE_TOOL_VERSIONS_FILENAMES, ':')
  const overrides = split(host.env.MISE_OVERRIDE_CONFIG_FILENAMES, ':')
  const ownVersions = host.env.MISE_DEFAULT_TOOL_VERSIONS_FILENAME
  const ownConfig = host.env.MISE_DEFAULT_CONFIG_FILENAME
  const toolVersions =
    versions.length > 0
      ? versions.filter(name => name !== 'none')
      : ['.tool-versions', ...(ownVersions ? [ownVersions] : [])]
  const own = localFiles.flatMap(name => (name === 'mise.toml' && ownConfig ? [name, ownConfig] : [name]))
  const configs = overrides.length > 0 ? overrides : own
  const forEnvironments = environments.flatMap(name =>
    environmentFiles.map(file => file.replace('ENV', () => name)),
  )
  return [...new Set([...toolVersions, ...configs, ...forEnvironments])]
}

async function expand(directory: string, patterns: readonly string[], host: ProgramHost): Promise<string[]> {
  const { join } = host.path
  const expanded = patterns.map(async pattern => {
    if (!pattern.endsWith('/*.toml')) return [join(directory, pattern)]
    return listFragments(join(directory, pattern.slice(0, -'/*.toml'.length)), host)
  })
  return (await Promise.all(expanded)).flat().reverse()
}

async function listFragments(directory: string, host: ProgramHost): Promise<string[]> {
  const names = await host.fs.list(directory).catch(() => [])
  return names
    .filter(name => name.endsWith('.toml') && !name.startsWith('.'))
    .sort()
    .map(name => host.path.join(directory, name))
}

async function listGlobalFiles(environments: readonly string[], host: ProgramHost): Promise<string[]> {
  const user = host.env.MISE_GLOBAL_CONFIG_FILE || host.env.MISE_CONFIG_FILE
  const system = host.env.MISE_SYSTEM_CONFIG_FILE
  const config = toMiseConfigDirectory(host)
  // Only without TOML files is the one of the user's home read from everywhere.
  const isLegacy = /^(?:0|false|no|off|n)$/i.test(host.env.MISE_USE_TOML ?? '')
  const legacy = isLegacy && host.userHome ? [host.path.join(host.userHome, '.tool-versions')] : []
  return [
    ...(user ? [user] : await listDirectoryFiles(config, environments, host)),
    ...legacy,
    ...(system
      ? [system]
      : await listDirectoryFiles(host.env.MISE_SYSTEM_CONFIG_DIR || '/etc/mise', environments, host)),
  ]
}

async function listDirectoryFiles(
  directory: string | undefined,
  environments: readonly string[],
  host: ProgramHost,
): Promise<string[]> {
  if (!directory) return []
  const inOrder = (ending: string) => ['config', 'mise'].map(name => `${name}${ending}`)
  const names = [
    ...inOrder('.toml'),
    ...environments.flatMap(name => inOrder(`.${name}.toml`)),
    ...inOrder('.local.toml'),
    ...environments.flatMap(name => inOrder(`.${name}.local.toml`)),
  ]
  const files = names.map(name => host.path.join(directory, name))
  return [...(await listFragments(host.path.join(directory, 'conf.d'), host)), ...files].reverse()
}

// `MISE_ENV`, or else the nearest `.miserc.toml` that sets it.
async function readEnvironments(host: ProgramHost): Promise<string[]> {
  const { join } = host.path
  const chosen = host.env.MISE_ENV || host.env.MISE_ENVIRONMENT
  if (chosen) return split(chosen, ',').filter(isVersionName)
  const config = toMiseConfigDirectory(host)
  const files = [
    ...toAncestors(host.cwd, host).flatMap(directory => [
      join(directory, '.miserc.toml'),
      join(directory, '.config/miserc.toml'),
    ]),
    ...(config ? [join(config, 'miserc.toml')] : []),
    join(host.env.MISE_SYSTEM_CONFIG_DIR || '/etc/mise', 'miserc.toml'),
  ]
  for (const file of files) {
    const text = await readSmall(file, host)
    const document = text === undefined ? undefined : await parseToml(text)
    const names = isJsonObject(document) ? document.env : undefined
    if (Array.isArray(names)) return names.filter(name => typeof name === 'string' && isVersionName(name))
  }
  return []
}

/** Files of other tools that mise reads where that is enabled, by the tool (registry/*.toml of mise). */
export const idiomaticFiles: Readonly<Record<string, readonly string[]>> = {
  atmos: ['.atmos-version'],
  bun: ['.bun-version', 'package.json'],
  crystal: ['.crystal-version'],
  deno: ['.deno-version', 'package.json'],
  dotnet: ['global.json'],
  elixir: ['.exenv-version'],
  go: ['.go-version', 'go.mod'],
  java: ['.java-version', '.sdkmanrc'],
  node: ['.nvmrc', '.node-version', 'package.json'],
  npm: ['package.json'],
  opentofu: ['.opentofu-version'],
  packer: ['.packer-version'],
  perl: ['.perl-version'],
  pnpm: ['package.json'],
  python: ['.python-version', '.python-versions'],
  ruby: ['.ruby-version', 'Gemfile'],
  rust: ['rust-toolchain.toml'],
  swift: ['.swift-version'],
  terraform: ['.terraform-version'],
  terragrunt: ['.terragrunt-version'],
  terramate: ['.terramate-version'],
  yarn: ['.yvmrc', 'package.json'],
  zig: ['.zig-version'],
}

/** Files with more in them than versions: only mise can read them. */
const others: ReadonlySet<string> = new Set([
  'global.json',
  'go.mod',
  '.sdkmanrc',
  'Gemfile',
  'rust-toolchain.toml',
])

/** Versions in such a file, as mise reads them; undefined when only mise can read them. */
export function parseIdiomaticFile(tool: string, name: string, text: string): string[] | undefined {
  if (name === 'package.json') return namesTool(tool, text) ? undefined : []
  if (others.has(name)) return undefined
  const lines = text
    .split(/\r?\n/)
    .map(line => line.replace(/(^|\s)#.*$/, '').trim())
    .filter(Boolean)
  if (name === '.nvmrc' || name === '.node-version') {
    return lines.map(line => line.replace(/^v/, '').replace('lts/*', 'lts'))
  }
  const words = lines.flatMap(line => line.split(/\s+/))
  if (name === '.ruby-version') return words.map(word => word.replace(/^(?:ruby-)?v?/, ''))
  return name === '.go-version' ? words.map(word => word.replace(/^v/, '')) : words
}

// mise takes `packageManager` and `devEngines`, not `engines` (idiomatic_version/package_json.rs).
function namesTool(tool: string, text: string): boolean {
  return /"devEngines"/.test(text) || (/"packageManager"/.test(text) && tool !== 'node')
}
