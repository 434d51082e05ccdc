import { NexusError, systemErrorCode } from '../../lib/errors.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import type { Host } from '../../platform/host.ts'
import { isLockName, shippedMarkName } from '../lock/lock-state.ts'
import { registryFiles, registryNames } from '../schema/names.ts'
import { writing } from './directories.ts'
import { sweepTemporaries } from './files.ts'
import { createShippedMark, loadShippedData, renderShippedMark, type ShippedData } from './shipped-mark.ts'
import { type HomeContent, type UpdateHost, updateHomeByPlan } from './update-home.ts'

export type CreateHost = UpdateHost & Pick<Host, 'programRoot'>

/**
 * Creates a registry home with the shipped registries, in a new or an empty directory; all files or none.
 * Throws a NexusError: 'home' when something is there already, 'write' when it cannot be written.
 */
export async function createHome(directory: string, host: CreateHost): Promise<void> {
  if (await placeHome(directory, 0o755, host)) return
  const [found] = await listForeignNames(directory, host)
  const isHome = found !== undefined && Object.values<string>(registryFiles).includes(found)
  const message = isHome
    ? `${directory} is a registry home already: it has ${found}`
    : `${directory} is not empty: it has ${found ?? 'files'}`
  const hint = isHome ? `Use it with --home ${toShellWord(directory)}` : 'Name a new or an empty directory'
  throw new NexusError('home', message, { hint })
}

/**
 * Puts a home with the shipped registries at a free path or over an empty directory. False when something else is
 * there, for instance the home that another process has just created.
 */
export async function placeHome(directory: string, mode: number, host: CreateHost): Promise<boolean> {
  const info = await writing(directory, () => host.fs.lstat(directory))
  if (!info) return moveHome(directory, await loadShippedData(host), mode, host)
  const target = info.kind === 'link' ? await host.fs.stat(directory) : info
  if (target?.kind !== 'directory')
    throw new NexusError('home', `${directory} is not a directory`, {
      hint: 'Name a new or an empty directory',
    })
  if ((await listForeignNames(directory, host)).length > 0) return false
  return fillHome(directory, await loadShippedData(host), host)
}

async function listForeignNames(directory: string, host: CreateHost): Promise<string[]> {
  const names = await host.fs.list(directory).catch(cause => {
    throw new NexusError('home', `${directory} cannot be read`, { hint: 'Check who owns it', cause })
  })
  const registries: readonly string[] = Object.values(registryFiles)
  const isForeign = (name: string) => !isLockName(name) && name !== shippedMarkName
  return names.filter(isForeign).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))

  function rank(name: string): number {
    return registries.includes(name) ? 0 : 1
  }
}

// The whole directory appears in one rename, which fails when another process was faster.
async function moveHome(
  directory: string,
  shipped: ShippedData,
  mode: number,
  host: CreateHost,
): Promise<boolean> {
  const parent = host.path.dirname(directory)
  const prefix = `.${host.path.basename(directory)}-new-`
  const copy = host.path.join(parent, `${prefix}${host.randomName()}`)
  return writing(directory, async () => {
    await host.fs.makeDirectory(parent, mode)
    await sweepTemporaries({ directory: parent, prefix, kind: 'directory' }, host)
    try {
      await writeCopy(copy, shipped, mode, host)
      await host.fs.rename(copy, directory)
    } catch (error) {
      await host.fs.removeTree(copy).catch(() => undefined)
      const code = systemErrorCode(error)
      if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') return false
      throw error
    }
    await host.fs.syncDirectory(parent)
    return true
  })
}

async function writeCopy(copy: string, shipped: ShippedData, mode: number, host: CreateHost): Promise<void> {
  await host.fs.makeDirectory(copy, mode)
  const files = [
    ...registryNames.map(name => [registryFiles[name], shipped.texts[name]] as const),
    [shippedMarkName, await createMarkText(shipped, host)] as const,
  ]
  const write = ([file, text]: readonly [string, string]) =>
    host.fs.createFile(host.path.join(copy, file), text, 0o644)
  await Promise.all(files.map(write))
  await host.fs.syncDirectory(copy)
}

async function createMarkText(shipped: ShippedData, host: CreateHost): Promise<string> {
  return renderShippedMark(await createShippedMark(shipped, host))
}

// An empty directory is filled, not replaced: a shell may stand in it, or it may be a mount point.
async function fillHome(directory: string, shipped: ShippedData, host: CreateHost): Promise<boolean> {
  const isEmpty = (current: HomeContent) => [...current.values()].every(text => text === undefined)
  const plan = async (current: HomeContent) => {
    if (!isEmpty(current)) return { texts: new Map() }
    const texts = new Map(registryNames.map(name => [name, shipped.texts[name]]))
    return { texts, shippedMark: await createMarkText(shipped, host) }
  }
  const { changes } = await updateHomeByPlan(directory, { names: registryNames, plan }, host)
  return changes.length > 0
}
