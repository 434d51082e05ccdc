import { isJsonObject } from '../../../core/json/json-value.ts'
import type { ProgramHost } from '../program-host.ts'
import { readSmall, toAncestors } from './shim.ts'
import { parseToolVersions } from './tool-versions.ts'

/** A tool that mise is told to use, in which versions, and by what. */
export interface MiseTool {
  readonly tool: string
  readonly versions: readonly string[]
  readonly origin: string
}

// docs/configuration.md of mise, highest precedence first.
const localFiles = [
  'mise.local.toml',
  '.mise.local.toml',
  'mise.toml',
  '.mise.toml',
  'mise/config.toml',
  '.mise/config.toml',
  '.config/mise.toml',
  '.config/mise/config.toml',
  '.tool-versions',
] as const

/** The tools that mise uses in the working directory: variables, then files upwards, then the user's and the system's. */
export async function readMiseTools(host: ProgramHost): Promise<MiseTool[]> {
  const fromFiles = await Promise.all(toFiles(host).map(file => readTools(file, host)))
  const tools = new Map<string, MiseTool>()
  for (const tool of [...readVariables(host), ...fromFiles.flat()]) {
    if (!tools.has(tool.tool)) tools.set(tool.tool, tool)
  }
  return [...tools.values()]
}

function readVariables(host: ProgramHost): MiseTool[] {
  return Object.entries(host.env).flatMap(([name, value]) => {
    const tool = /^MISE_([A-Z0-9_]+)_VERSION$/.exec(name)?.[1]
    if (!tool || !value) return []
    return [
      {
        tool: toToolName(tool.toLowerCase().replaceAll('_', '-')),
        versions: value.split(/\s+/),
        origin: name,
      },
    ]
  })
}

function toFiles(host: ProgramHost): string[] {
  const { join } = host.path
  const local = toAncestors(host.cwd, host).flatMap(directory =>
    localFiles.map(file => join(directory, file)),
  )
  const home = host.userHome
  const config =
    host.env.MISE_CONFIG_DIR ?? (home && join(host.env.XDG_CONFIG_HOME || join(home, '.config'), 'mise'))
  const user = [host.env.MISE_GLOBAL_CONFIG_FILE, config && join(config, 'config.toml')]
  const legacy = home ? [join(home, '.tool-versions')] : []
  return [...local, ...user.filter(file => file !== undefined), ...legacy, '/etc/mise/config.toml']
}

async function readTools(file: string, host: ProgramHost): Promise<MiseTool[]> {
  const text = await readSmall(file, host)
  if (text === undefined) return []
  const chosen = file.endsWith('.toml') ? await parseToml(text) : parseToolVersions(text)
  return [...chosen].map(([tool, versions]) => ({ tool: toToolName(tool), versions, origin: file }))
}

async function parseToml(text: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { parse } = await import('smol-toml')
  let document: unknown
  try {
    document = parse(text)
  } catch {
    // mise itself would stop here; a file that it cannot read chooses nothing.
    return new Map()
  }
  const tools = isJsonObject(document) && isJsonObject(document.tools) ? document.tools : {}
  return new Map(Object.entries(tools).map(([tool, value]) => [tool, toVersions(value)]))
}

function toVersions(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(toVersions)
  return isJsonObject(value) ? toVersions(value.version) : []
}

const aliases: Readonly<Record<string, string>> = { nodejs: 'node', golang: 'go' }

// Directories of installations: `npm:prettier` lies in npm-prettier, `core:node` in node.
function toToolName(tool: string): string {
  const short = tool.replace(/^core:/, '').replace(/\[.*/, '')
  return aliases[short] ?? short.toLowerCase().replace(/[^a-z0-9._-]+/g, '-')
}
