import { isJsonObject } from '../../../lib/json/json-value.ts'
import type { ProgramHost } from '../../probe.ts'
import {
  isVersionName,
  readObject,
  type Shim,
  type ShimResolver,
  type ShimResult,
  toAncestors,
} from './shim.ts'

/** Versions that volta combines, and the file that sets them. */
interface Platform {
  readonly origin: string
  readonly versions: Readonly<Record<string, string | undefined>>
}

const platformTools: ReadonlyMap<string, string> = new Map([
  ['node', 'node'],
  ['npm', 'npm'],
  ['npx', 'npm'],
  ['yarn', 'yarn'],
  ['yarnpkg', 'yarn'],
  ['pnpm', 'pnpm'],
  ['pnpx', 'pnpm'],
])

/**
 * Volta: every shim is a link to volta-shim. Node and package managers come from the project's or the user's platform,
 * other programs from the package that they were installed with (volta-layout v4). A program of the project's own
 * node_modules is left out: nothing of the working directory is executed here.
 */
export const volta: ShimResolver = {
  async resolve(shim, host) {
    if (!/^volta-shim(?:\.exe)?$/.test(host.path.basename(shim.realPath))) return undefined
    if (/^volta(?:-|\.|$)/.test(shim.name)) return undefined
    const root = host.env.VOLTA_HOME || host.path.dirname(host.path.dirname(shim.path))
    const tool = platformTools.get(shim.name)
    const result = tool ? await resolveTool(root, tool, shim, host) : await resolvePackage(root, shim, host)
    return { manager: 'volta', result }
  },
}

async function resolveTool(root: string, tool: string, shim: Shim, host: ProgramHost): Promise<ShimResult> {
  const platform = (await readProject(host)) ?? (await readDefault(root, host))
  if (!platform) return { steps: ['system'], reason: 'volta: Node is not available; no version of it is set' }
  // Without a version of its own, npm is the one that came with Node.
  const owner = tool === 'npm' && platform.versions.npm === undefined ? 'node' : tool
  const version = platform.versions[owner]
  if (version === undefined) {
    return {
      steps: [],
      reason: `volta: ${tool} is not available; no version of it is set in ${platform.origin}`,
    }
  }
  const reason = `volta: ${owner} ${version} is not installed (set by ${platform.origin})`
  return { steps: [host.path.join(root, 'tools', 'image', owner, version, 'bin', shim.name)], reason }
}

async function resolvePackage(root: string, shim: Shim, host: ProgramHost): Promise<ShimResult> {
  const file = host.path.join(root, 'tools', 'user', 'bins', `${shim.name}.json`)
  const config = await readObject(file, host)
  const owner = toText(config?.package)
  const reason = `volta: could not find executable "${shim.name}"`
  if (owner === undefined || !isPackageName(owner) || !isVersionName(shim.name))
    return { steps: ['system'], reason }
  const path = host.path.join(root, 'tools', 'image', 'packages', owner, 'bin', shim.name)
  return { steps: [path], reason: `${reason} of package ${owner}` }
}

// The nearest package.json is the project; it may take its platform over from another file.
async function readProject(host: ProgramHost): Promise<Platform | undefined> {
  for (const directory of toAncestors(host.cwd, host)) {
    const file = host.path.join(directory, 'package.json')
    const project = await readObject(file, host)
    if (project) return toProjectPlatform(project, file, host, 8)
  }
  return undefined
}

async function toProjectPlatform(
  project: Record<string, unknown>,
  file: string,
  host: ProgramHost,
  depth: number,
): Promise<Platform | undefined> {
  if (!isJsonObject(project.volta)) return undefined
  const { node, npm, yarn, pnpm, extends: base } = project.volta
  const baseFile = toText(base) && host.path.resolve(host.path.dirname(file), toText(base) ?? '')
  const baseProject = baseFile && depth > 0 ? await readObject(baseFile, host) : undefined
  const inherited =
    baseFile && baseProject ? await toProjectPlatform(baseProject, baseFile, host, depth - 1) : undefined
  const versions = { ...inherited?.versions, ...toVersions({ node, npm, yarn, pnpm }) }
  return versions.node === undefined ? undefined : { origin: file, versions }
}

async function readDefault(root: string, host: ProgramHost): Promise<Platform | undefined> {
  const origin = host.path.join(root, 'tools', 'user', 'platform.json')
  const platform = await readObject(origin, host)
  if (!platform || !isJsonObject(platform.node)) return undefined
  const { runtime, npm } = platform.node
  const { yarn, pnpm } = platform
  return { origin, versions: toVersions({ node: runtime, npm, yarn, pnpm }) }
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

// `typescript` or `@angular/cli`.
function isPackageName(text: string): boolean {
  const [scope, ...rest] = text.split('/')
  return text.startsWith('@') ? rest.length === 1 && [scope, ...rest].every(isName) : isVersionName(text)
}

function isName(part: string | undefined): boolean {
  return part !== undefined && isVersionName(part)
}

// A version is a name, never a way out of the directory of versions.
function toVersions(values: Readonly<Record<string, unknown>>): Platform['versions'] {
  const named = Object.entries(values).map(([tool, value]) => [tool, toText(value)] as const)
  return Object.fromEntries(named.filter(([, text]) => text !== undefined && isVersionName(text)))
}
