import { mkdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { mergePatch } from '../../../src/lib/json/json-value.ts'
import { createShippedMark, historyFile, renderShippedMark } from '../../../src/registry/home/shipped-mark.ts'
import { shippedMarkName } from '../../../src/registry/lock/lock-state.ts'
import {
  mapNames,
  type RegistryName,
  registryFiles,
  registryNames,
} from '../../../src/registry/schema/names.ts'
import { renderHistory, withShipped } from '../../../src/upgrade/history.ts'
import { createTestHost, type TestHost, type TestHostOptions } from '../test-host.ts'
import { type HomeTexts, soundTexts, writeHome } from './valid-home.ts'

/** JSON Merge Patches by registry: null removes. */
export type RegistryPatches = Partial<Record<RegistryName, unknown>>

/** The texts with patched documents. */
export function patchTexts(texts: HomeTexts, patches: RegistryPatches): HomeTexts {
  return mapNames(registryNames, name => {
    const patch = patches[name]
    return patch === undefined
      ? texts[name]
      : `${JSON.stringify(mergePatch(JSON.parse(texts[name]), patch), null, 2)}\n`
  })
}

/** What version 0.1.0 of the program shipped. */
export const firstShipped = patchTexts(soundTexts, { tools: { $schema: null } })

export interface UpgradableHome {
  /** Its program ships other files than those that the home was made from. */
  readonly host: TestHost
  readonly directory: string
  /** The documents of the home as they are now. */
  readonly read: () => Promise<Record<RegistryName, Record<string, unknown>>>
  readonly readTexts: () => Promise<HomeTexts>
  /** Has the program ship these files from now on. */
  readonly ship: (texts: HomeTexts) => Promise<void>
}

interface UpgradableOptions extends TestHostOptions {
  /** What is shipped now, as a change of `firstShipped`. */
  readonly shipped?: RegistryPatches
  /** What the home holds, as a change of `firstShipped`. */
  readonly yours?: RegistryPatches
  /** Whether the home says what it was made from. */
  readonly isMarked?: boolean
  /** Version in its mark. */
  readonly version?: string
}

/** A default home that was made by version 0.1.0 and edited since, and a program that ships something newer. */
export async function createUpgradableHome({
  shipped = {},
  yours = {},
  isMarked = true,
  version = '0.1.0',
  ...options
}: UpgradableOptions = {}): Promise<UpgradableHome> {
  const real = await createTestHost(options)
  const host = { ...real, programRoot: nodePath.join(real.directory, 'program') }
  const directory = nodePath.join(host.directory, 'data/nexus-registry')
  const program = nodePath.join(host.programRoot, 'registries')
  await Promise.all([directory, program].map(each => mkdir(each, { recursive: true, mode: 0o700 })))
  const first = { version: '0.1.0', texts: firstShipped }
  const history = withShipped({ versions: [], contents: new Map() }, first, host)
  await writeFile(nodePath.join(program, historyFile), renderHistory(history))
  const ship = async (texts: HomeTexts) => {
    await writeHome(program, texts)
  }
  await ship(patchTexts(firstShipped, shipped))
  await writeHome(directory, patchTexts(firstShipped, yours))
  const mark = await createShippedMark({ ...first, version, sha256: 'of another version' }, host)
  if (isMarked) await writeFile(nodePath.join(directory, shippedMarkName), renderShippedMark(mark))
  const readTexts = async () => {
    const texts = await Promise.all(
      registryNames.map(name => readFile(nodePath.join(directory, registryFiles[name]), 'utf8')),
    )
    return mapNames(registryNames, name => texts[registryNames.indexOf(name)] ?? '')
  }
  const read = async () => {
    const texts = await readTexts()
    return mapNames(registryNames, name => JSON.parse(texts[name]))
  }
  return { host, directory, read, readTexts, ship }
}
