import type { ProgramHost } from '../program-host.ts'
import { toInstallCandidates } from './install-candidates.ts'
import {
  readShimScript,
  readSmall,
  type Shim,
  type ShimAnswer,
  type ShimResolver,
  toAncestors,
} from './shim.ts'
import { parseToolVersions } from './tool-versions.ts'

interface Provider {
  readonly tool: string
  readonly version: string
}

interface Choice {
  readonly tool: string
  readonly versions: readonly string[]
  /** Variable or file that made the choice. */
  readonly origin: string
}

/**
 * asdf: the shim's `# asdf-plugin: TOOL VERSION` lines say who has the program, `ASDF_TOOL_VERSION` and
 * `.tool-versions` which version is chosen (internal/shims and internal/resolve of asdf 0.16).
 */
export const asdf: ShimResolver = {
  async resolve(shim, host) {
    const directory = host.path.dirname(shim.realPath)
    if (host.path.basename(directory) !== 'shims') return undefined
    const script = await readShimScript(shim, host)
    if (!script || !/^exec .*\basdf"? exec /m.test(script)) return undefined
    const providers = parseProviders(script)
    const answer = await resolveIn(host.path.dirname(directory), shim, providers, host)
    return { manager: 'asdf', answer }
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
): Promise<ShimAnswer> {
  const tools = [...new Set(providers.map(({ tool }) => tool))]
  const choices = (await Promise.all(tools.map(tool => findChoice(tool, host)))).filter(isChoice)
  const steps = await Promise.all(
    choices.flatMap(({ tool, versions }) =>
      versions.map(version => toSteps({ tool, version }, providers, data, shim, host)),
    ),
  )
  return { steps: steps.flat(), reason: describe(shim, choices, providers) }
}

// A version counts only when the shim lists it. `path:` is not followed: a file in the working directory
// must not decide what is executed here.
async function toSteps(
  { tool, version }: Provider,
  providers: readonly Provider[],
  data: string,
  shim: Shim,
  host: ProgramHost,
): Promise<readonly string[]> {
  if (version === 'system') return ['system']
  const isListed = providers.some(provider => provider.tool === tool && provider.version === version)
  if (!isListed || /[/\\]/.test(version)) return []
  const installation = host.path.join(data, 'installs', tool, version.replace(/^ref:/, 'ref-'))
  return toInstallCandidates(installation, shim.name, host)
}

async function findChoice(tool: string, host: ProgramHost): Promise<Choice | undefined> {
  const variable = `ASDF_${tool.toUpperCase().replaceAll('-', '_')}_VERSION`
  const chosen = host.env[variable]?.trim()
  if (chosen) return { tool, versions: chosen.split(/\s+/), origin: variable }
  const name =
    host.env.ASDF_TOOL_VERSIONS_FILENAME || host.env.ASDF_DEFAULT_TOOL_VERSIONS_FILENAME || '.tool-versions'
  const directories = toAncestors(host.cwd, host)
  for (const directory of host.userHome ? [...directories, host.userHome] : directories) {
    const file = host.path.resolve(directory, name)
    const versions = parseToolVersions((await readSmall(file, host)) ?? '').get(tool)
    if (versions) return { tool, versions, origin: file }
  }
  return undefined
}

function describe(shim: Shim, choices: readonly Choice[], providers: readonly Provider[]): string {
  const having = providers.map(({ tool, version }) => `${tool} ${version}`).join(', ')
  const hint = having === '' ? '' : `; these versions have it: ${having}`
  const [choice] = choices
  if (!choice) return `asdf: no version is set for command ${shim.name}${hint}`
  const set = `${choice.tool} ${choice.versions.join(' ')} (set by ${choice.origin})`
  return `asdf: no ${shim.name} executable found for ${set}${hint}`
}

function isChoice(choice: Choice | undefined): choice is Choice {
  return choice !== undefined
}
