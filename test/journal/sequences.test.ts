import { mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Addition } from '../../src/edit/addition.ts'
import { toAdditionEdit } from '../../src/edit/validate-additions.ts'
import { importRegistryNames, planImport } from '../../src/import/plan-import.ts'
import { prepareImport } from '../../src/import/prepare-import.ts'
import { commitEdit } from '../../src/journal/commit-edit.ts'
import { NexusError } from '../../src/lib/errors.ts'
import { patchJson } from '../../src/lib/json/member-changes.ts'
import { parseJson } from '../../src/lib/json/parse-json.ts'
import type { RegistryHome } from '../../src/registry/home/directories.ts'
import { type HomeContent, readHomeFiles } from '../../src/registry/home/update-home.ts'
import { registryNames } from '../../src/registry/schema/names.ts'
import { sync } from '../../src/sync/sync.ts'
import { validateHome } from '../../src/validate/validate.ts'
import { toolAddition, undoLast } from '../support/homes/edited-home.ts'
import { soundDay, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { rounds } from '../support/stress.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

interface World {
  readonly home: RegistryHome
  readonly host: TestHost
}

/** A step of a sequence. The number chooses what it is about. An edit says whether it changed anything. */
type Step = (choice: number, world: World) => Promise<unknown>

const ids = ['one', 'two', 'three', 'four']
const idOf = (choice: number) => ids[choice % ids.length] ?? 'one'

function frameworkAddition(id: string): Addition {
  const entry = {
    import_name: id,
    detection: `python -c 'import ${id}'`,
    env_var: `NEXUS_HAS_ML_${id.toUpperCase()}`,
  }
  return { registry: 'ml_frameworks', id, entry }
}

function providerAddition(id: string): Addition {
  const entry = {
    endpoint: `https://api.${id}.example/v1/chat`,
    auth_type: 'bearer' as const,
    key_env: `${id.toUpperCase()}_API_KEY`,
    models: [],
  }
  return { registry: 'providers', id, entry }
}

const steps: Readonly<Record<string, Step>> = {
  'add a tool': (choice, { home, host }) =>
    commitEdit(home.directory, toAdditionEdit([toolAddition(idOf(choice))], host), host),
  'add a framework and a provider': (choice, { home, host }) =>
    commitEdit(
      home.directory,
      toAdditionEdit([frameworkAddition(idOf(choice)), providerAddition(idOf(choice))], host),
      host,
    ),
  import: async (choice, { home, host }) => {
    const from = nodePath.join(host.directory, 'prices.json')
    const model = { litellm_provider: 'acme', mode: 'chat', max_input_tokens: 1000 * (choice + 1) }
    const prices = { input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 }
    await writeFile(from, JSON.stringify({ [`acme-${idOf(choice)}`]: { ...model, ...prices } }))
    const network = { allowPrivate: [], upstreams: {} }
    const call = { source: 'litellm', from, strategy: undefined, isForced: false, network, mirrors: {} }
    const filter = { providers: [], only: [], since: undefined, limit: undefined }
    const request = await prepareImport({ ...call, ...filter }, home.directory, host)
    const plan = async (texts: HomeContent) => planImport(texts, request)
    return commitEdit(home.directory, { command: 'import', names: importRegistryNames, plan }, host)
  },
  sync: (_, { home, host }) => sync(home, { mode: 'quick', isForced: false, isDryRun: false }, host),
}

async function createWorld(): Promise<World> {
  const place = await createTestHost({ clock: { now: () => Date.parse(soundDay) } })
  const directory = nodePath.join(place.directory, 'home')
  await mkdir(directory, { mode: 0o700 })
  await writeHome(directory, soundTexts)
  return {
    home: { directory, origin: 'default' },
    host: { ...place, env: { ...place.env, PATH: '/nowhere' } },
  }
}

// A tool and a framework of one id would need the same card.
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof NexusError) || error.code !== 'input') throw error
}

/** All files without what syncs write. */
async function readAll({ home, host }: World): Promise<Readonly<Record<string, string>>> {
  const files = await readHomeFiles(home.directory, registryNames, host)
  return Object.fromEntries(files.map(({ name, text = '' }) => [name, withoutDetectedText(text)]))
}

function withoutDetectedText(text: string): string {
  const { root } = parseJson(text)
  if (root?.kind !== 'object') return text
  return patchJson(
    text,
    root.members.map(({ key }) => ({ path: [key, 'detected'], text: undefined })),
  )
}

test('whatever commands and syncs do, the home is valid, and undo gives back what was there', {
  timeout: 120_000,
}, async () => {
  const sequences = fc.array(fc.tuple(fc.constantFrom('undo', ...Object.keys(steps)), fc.nat(1000)), {
    minLength: 1,
    maxLength: 8,
  })
  await fc.assert(
    fc.asyncProperty(sequences, async sequence => {
      const world = await createWorld()
      const before: Readonly<Record<string, string>>[] = []
      const undo = async () => {
        const known = before.pop()
        const refs = await undoLast(world.home.directory, world.host)
        expect(refs === undefined).toBe(known === undefined)
        if (known) expect(await readAll(world)).toEqual(known)
      }
      for (const [name, choice] of sequence) {
        const content = await readAll(world)
        if (name === 'undo') await undo()
        else await steps[name]?.(choice, world).catch(ignoreRefusal)
        if (name !== 'undo' && JSON.stringify(await readAll(world)) !== JSON.stringify(content))
          before.push(content)
        const { diagnostics } = await validateHome(world.home.directory, world.host)
        expect(diagnostics).toEqual([])
      }
      while (before.length > 0) await undo()
    }),
    { numRuns: rounds(2000, 50) },
  )
})
