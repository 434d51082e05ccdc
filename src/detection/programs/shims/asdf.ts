import { isProgram, type ProgramHost } from '../../probe.ts'
import {
  isDirectory,
  isVersionName,
  parseToolVersions,
  readScript,
  readSmall,
  type Shim,
  type ShimResolver,
  type ShimResult,
  type ShimStep,
  toAncestors,
  toInstallCandidates,
} from './shim.ts'

interface Provider {
  readonly tool: string
  readonly version: string
}

interface Choice {
  readonly tool: string
  /** Undefined when only the plugin can read its file. */
  readonly versions: readonly string[] | undefined
  /** Variable or file that made the choice. */
  readonly origin: string
}

/**
 * asdf: the shim's `# asdf-plugin: TOOL VERSION` lines name the tools that have the program, `ASDF_TOOL_VERSION` and
 * `.tool-versions` or a plugin's older files which version is chosen (internal/shims and internal/resolve of asdf 0.16;
 * the shims of older ones, in bash, do the same).
 */
export const asdf: ShimResolver = {
  async resolve(shim, host) {
    const directory = host.path.dirname(shim.realPath)
    if (host.path.basename(directory) !== 'shims') return undefined
    const script = await readScript(shim, host)
    if (!script || !/^exec .*\basdf"? exec /m.test(script)) return undefined
    const providers = parseProviders(script)
    const result = await resolveIn(host.path.dirname(directory), shim, providers, host)
    return { manager: 'asdf', result }
  },
}

function parseProviders(script: string): Provider[] {
  return [...script.matchAll(/^# asdf-plugin: (\S+) (\S+)/gm)].map(([, tool = '', version = '']) => ({
    tool,
    version,
  }))
}

async function resolveIn(
  data: string,
  shim: Shim,
  providers: readonly Provider[],
  host: ProgramHost,
): Promise<ShimResult> {
  const tools = [...new Set(providers.map(({ tool }) => tool))]
  const choices = (await Promise.all(tools.map(tool => findChoice(tool, data, host)))).filter(isChoice)
  const steps = await Promise.all(choices.map(choice => toChoiceSteps(choice, providers, data, shim, host)))
  return { steps: steps.flat(), reason: describe(shim, choices, providers) }
}

async function toChoiceSteps(
  choice: Choice,
  providers: readonly Provider[],
  data: string,
  shim: Shim,
  host: ProgramHost,
): Promise<ShimStep[]> {
  const { tool, versions } = choice
  if (versions === undefined) return toUnclear(choice, providers)
  const steps = versions.map(version => toSteps({ tool, version }, providers, data, shim, host))
  return (await Promise.all(steps)).flat()
}

function toUnclear({ tool, origin }: Choice, providers: readonly Provider[]): ShimStep[] {
  const having = toHint(providers.filter(provider => provider.tool === tool))
  return [
    {
      unclear: `asdf: only its plugin can read the version of ${tool} in ${origin}${having}`,
      isRunnable: true,
    },
  ]
}

// A version counts only when the shim lists it. `path:` is not followed: a file in the working directory
// must not decide what is executed here.
async function toSteps(
  { tool, version }: Provider,
  providers: readonly Provider[],
  data: string,
  shim: Shim,
  host: ProgramHost,
): Promise<readonly ShimStep[]> {
  if (version === 'system') return ['system']
  const linked = /^path:(.*)$/s.exec(version)?.[1]
  if (linked !== undefined) {
    const isRunnable = await isProgram(host.path.join(linked, 'bin', shim.name), host)
    return [{ unclear: `asdf: ${tool} ${version} is not followed`, isRunnable }]
  }
  const isListed = providers.some(provider => provider.tool === tool && provider.version === version)
  const name = version.replace(/^ref:/, 'ref-')
  if (!isListed || !isVersionName(name) || !isVersionName(tool)) return []
  const installation = host.path.join(data, 'installs', tool, name)
  const candidates = await toInstallCandidates(installation, shim.name, host)
  // The shim names it, and plugins may keep it anywhere in an installation.
  const unclear = `asdf: ${shim.name} of ${tool} ${version} is where only its plugin knows`
  return (await isDirectory(installation, host))
    ? [...candidates, { unclear, isRunnable: false }]
    : candidates
}

async function findChoice(tool: string, data: string, host: ProgramHost): Promise<Choice | undefined> {
  const variable = `ASDF_${tool.toUpperCase().replaceAll('-', '_')}_VERSION`
  const chosen = host.env[variable]?.trim()
  if (chosen) return { tool, versions: chosen.split(/\s+/), origin: variable }
  const name =
    host.env.ASDF_TOOL_VERSIONS_FILENAME || host.env.ASDF_DEFAULT_TOOL_VERSIONS_FILENAME || '.tool-versions'
  const legacy = await listLegacyFiles(tool, data, host)
  const directories = toAncestors(host.cwd, host)
  for (const directory of host.userHome ? [...directories, host.userHome] : directories) {
    const file = host.path.resolve(directory, name)
    const versions = parseToolVersions((await readSmall(file, host)) ?? '').get(tool)
    if (versions) return { tool, versions, origin: file }
    const old = await readLegacyFiles(tool, directory, legacy, data, host)
    if (old) return old
  }
  return undefined
}

// `legacy_version_file = yes` of .asdfrc; the plugin's script prints the names, in words of its own alone.
async function listLegacyFiles(tool: string, data: string, host: ProgramHost): Promise<string[]> {
  const own = host.userHome && host.path.join(host.userHome, '.asdfrc')
  const settings = host.env.ASDF_CONFIG_FILE || own
  const text = settings ? await readSmall(settings, host) : undefined
  if (!/^\s*legacy_version_file\s*=\s*(?:yes|true)\b/m.test(text ?? '') || !isVersionName(tool)) return []
  const script = await readSmall(host.path.join(data, 'plugins', tool, 'bin/list-legacy-filenames'), host)
  const printed = [...(script ?? '').matchAll(/^\s*(?:echo|printf)\s+(.*)$/gm)].map(([, words = '']) => words)
  return printed.flatMap(words => words.match(/[\w.-]*[a-z][\w.-]*/gi) ?? []).filter(isVersionName)
}

async function readLegacyFiles(
  tool: string,
  directory: string,
  names: readonly string[],
  data: string,
  host: ProgramHost,
): Promise<Choice | undefined> {
  for (const name of names) {
    const origin = host.path.join(directory, name)
    const text = await readSmall(origin, host)
    if (text === undefined) continue
    const parser = host.path.join(data, 'plugins', tool, 'bin/parse-legacy-file')
    const hasParser = await isProgram(parser, host)
    const words = text.trim().split(/\s+/).filter(Boolean)
    if (words.length === 0) return undefined
    // Parsers take a whole version as it is, but for the letter of a tag.
    const isWhole = words.length === 1 && /^v?\d+\.\d+\.\d+$/.test(words[0] ?? '')
    if (!hasParser) return { tool, versions: words, origin }
    return { tool, versions: isWhole ? words.map(word => word.replace(/^v/, '')) : undefined, origin }
  }
  return undefined
}

function describe(shim: Shim, choices: readonly Choice[], providers: readonly Provider[]): string {
  const hint = toHint(providers)
  const [choice] = choices
  if (!choice) return `asdf: no version is set for command ${shim.name}${hint}`
  const set = `${choice.tool} ${choice.versions?.join(' ') ?? ''} (set by ${choice.origin})`
  return `asdf: no ${shim.name} executable found for ${set}${hint}`
}

function toHint(providers: readonly Provider[]): string {
  const having = providers.map(({ tool, version }) => `${tool} ${version}`).join(', ')
  return having === '' ? '' : `; these versions have it: ${having}`
}

function isChoice(choice: Choice | undefined): choice is Choice {
  return choice !== undefined
}
