import type { ProgramHost } from '../../probe.ts'
import {
  isDirectory,
  isVersionName,
  readObject,
  type ShimResolver,
  type ShimResult,
  type ShimStep,
  toAncestors,
} from './shim.ts'

const managers: ReadonlyMap<string, string> = new Map([
  ['yarn', 'yarn'],
  ['yarnpkg', 'yarn'],
  ['pnpm', 'pnpm'],
  ['pnpx', 'pnpm'],
])

/**
 * corepack: `yarn` and `pnpm` start the version that the project's `packageManager` names, or else the last one that
 * was good (README of corepack). Version commands run outside of the project, so the project's version is read.
 */
export const corepack: ShimResolver = {
  async resolve(shim, host) {
    const manager = managers.get(shim.name)
    if (
      manager === undefined ||
      !/[/\\]corepack[/\\]dist[/\\](?:yarn|yarnpkg|pnpm|pnpx)\.js$/.test(shim.realPath)
    ) {
      return undefined
    }
    return { manager: 'corepack', result: await resolveManager(manager, host) }
  },
}

async function resolveManager(manager: string, host: ProgramHost): Promise<ShimResult> {
  const project = host.env.COREPACK_ENABLE_PROJECT_SPEC === '0' ? undefined : await findProject(host)
  if (project === undefined) return { steps: [{ itself: true, leadsTo: undefined }], reason: '' }
  const { origin, spec } = project
  const [, name, version] = /^([a-z]+)@([^+]+)/.exec(spec) ?? []
  const reason = `corepack: ${origin} chooses ${spec}`
  if (name !== manager || version === undefined || !isVersionName(version)) {
    return { steps: [{ unclear: reason, isRunnable: false }], reason }
  }
  const steps: ShimStep[] = (await hasDownload(manager, version, host))
    ? [{ itself: true, leadsTo: version, version }]
    : [{ unclear: `${reason}, which is not downloaded yet`, isRunnable: false }]
  return { steps, reason }
}

// `getCorepackHomeFolder` in sources/folderUtils.ts of corepack.
async function hasDownload(manager: string, version: string, host: ProgramHost): Promise<boolean> {
  const { join } = host.path
  const cache = host.env.XDG_CACHE_HOME || (host.userHome && join(host.userHome, '.cache'))
  const home = host.env.COREPACK_HOME || (cache && join(cache, 'node', 'corepack'))
  if (!home) return false
  const places = [join(home, 'v1', manager, version), join(home, manager, version)]
  return (await Promise.all(places.map(place => isDirectory(place, host)))).includes(true)
}

async function findProject(host: ProgramHost): Promise<{ origin: string; spec: string } | undefined> {
  for (const directory of toAncestors(host.cwd, host)) {
    const origin = host.path.join(directory, 'package.json')
    const project = await readObject(origin, host)
    if (typeof project?.packageManager === 'string') return { origin, spec: project.packageManager }
  }
  return undefined
}
