import type { ProgramHost } from '../program-host.ts'
import { toInstallCandidates } from './install-candidates.ts'
import { type MiseTool, readMiseTools } from './mise-config.ts'
import { findLatest } from './pyenv-latest.ts'
import { listVersions, type Shim, type ShimResolver } from './shim.ts'

/** mise: every shim is a link to mise, which looks for the name it was called by in the tools that are set. */
export const mise: ShimResolver = {
  async resolve(shim, host) {
    const directory = host.path.dirname(shim.path)
    const program = host.path.basename(shim.realPath)
    if (!/^mise(?:\.exe)?$/.test(program) || host.path.basename(directory) !== 'shims') return undefined
    const installs = host.path.join(host.path.dirname(directory), 'installs')
    const tools = await readMiseTools(host)
    const candidates = await Promise.all(tools.map(tool => toSteps(tool, installs, shim, host)))
    const reason = await describe(installs, tools, shim, host)
    // Setting not_found_system_fallback, on unless switched off: the rest of PATH is tried last.
    return { manager: 'mise', answer: { steps: [...candidates.flat(), 'system'], reason } }
  },
}

async function toSteps(
  { tool, versions }: MiseTool,
  installs: string,
  shim: Shim,
  host: ProgramHost,
): Promise<readonly string[]> {
  const directory = host.path.join(installs, tool)
  const installed = await listVersions(directory, host)
  const found = versions.flatMap(version => {
    const name = toInstalled(version, installed)
    return name === undefined ? [] : [host.path.join(directory, name)]
  })
  const steps = await Promise.all(
    found.map(installation => toInstallCandidates(installation, shim.name, host)),
  )
  return steps.flat()
}

// mise links 20, 20.11 and latest to what they stand for; `path:` is not followed, since a file in the working
// directory must not decide what is executed here.
function toInstalled(version: string, installed: readonly string[]): string | undefined {
  const name = version.replace(/^prefix:/, '').replace(/^ref:/, 'ref-')
  if (installed.includes(name)) return name
  return name === 'latest' ? installed.at(-1) : findLatest(name, installed)
}

async function describe(
  installs: string,
  tools: readonly MiseTool[],
  shim: Shim,
  host: ProgramHost,
): Promise<string> {
  const own = tools.find(({ tool }) => tool === shim.name)
  if (!own) return `mise: no version is set for shim: ${shim.name}`
  const installed = await listVersions(host.path.join(installs, own.tool), host)
  const hint = installed.length === 0 ? '' : `; installed are: ${installed.join(', ')}`
  const set = `${own.tool} ${own.versions.join(' ')} (set by ${own.origin})`
  return `mise: tool not installed for shim: ${shim.name}: ${set}${hint}`
}
