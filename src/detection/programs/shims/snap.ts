import { type ProgramHost, toFileIdentity } from '../../probe.ts'
import { isVersionName, type Shim, type ShimResolver } from './shim.ts'

/**
 * snapd: every program is a link to `snap`, which starts the revision that `/snap/NAME/current` leads to. Only `snap`
 * itself can set up what the program needs, so that is what is executed.
 */
export const snap: ShimResolver = {
  async resolve(shim, host) {
    if (host.path.basename(shim.realPath) !== 'snap' || shim.name === 'snap') return undefined
    const leadsTo = await findRevision(shim, host)
    const reason = `snap: ${shim.name} is not installed`
    return { manager: 'snap', result: { steps: [{ itself: true, leadsTo }], reason } }
  },
}

async function findRevision(shim: Shim, host: ProgramHost): Promise<string | undefined> {
  const { dirname, join } = host.path
  const name = await findSnapName(shim, host)
  if (!isVersionName(name)) return undefined
  const mounts = [
    dirname(dirname(shim.path)),
    join(dirname(dirname(dirname(shim.realPath))), 'snap'),
    '/snap',
    '/var/lib/snapd/snap',
  ]
  for (const mount of mounts) {
    const current = join(mount, name, 'current')
    const info = await host.fs.stat(current).catch(() => undefined)
    if (info) return toFileIdentity(await host.fs.realPath(current), info)
  }
  return undefined
}

// `kubectl` may be an alias, which is a link to `microk8s.kubectl`: an application of the snap `microk8s`.
async function findSnapName(shim: Shim, host: ProgramHost): Promise<string> {
  const { basename, dirname, resolve } = host.path
  let path = shim.path
  for (let links = 0; links < 16; links++) {
    const link = await host.fs.readLink(path).catch(() => undefined)
    const next = link === undefined ? undefined : resolve(dirname(path), link)
    if (next === undefined || basename(next) === 'snap') break
    path = next
  }
  return basename(path).split('.')[0] ?? ''
}
