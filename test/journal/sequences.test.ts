import { writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Addition } from '../../src/edit/addition.ts'
import { parseDraft, readEditedEntry, toEntryEdit } from '../../src/edit/edit-entry.ts'
import { toRemovalEdit } from '../../src/edit/plan-removal.ts'
import { toRenameEdit } from '../../src/edit/plan-rename.ts'
import { toAdditionEdit } from '../../src/edit/validate-additions.ts'
import { importRegistryNames, planImport } from '../../src/import/plan-import.ts'
import { prepareImport } from '../../src/import/prepare-import.ts'
import { commitEdit } from '../../src/journal/commit-edit.ts'
import { NexusError } from '../../src/lib/errors.ts'
import { patchJson } from '../../src/lib/json/member-changes.ts'
import { parseJson } from '../../src/lib/json/parse-json.ts'
import type { RegistryHome } from '../../src/registry/home/directories.ts'
import { type HomeContent, readHomeFiles } from '../../src/registry/home/update-home.ts'
import { toExportName } from '../../src/registry/refs.ts'
import { registryNames, subRegistryNames } from '../../src/registry/schema/names.ts'
import { sync } from '../../src/sync/sync.ts'
import { upgradeHome } from '../../src/upgrade/upgrade.ts'
import { validateHome } from '../../src/validate/validate.ts'
import { toolAddition, undoLast } from '../support/homes/edited-home.ts'
import {
  createUpgradableHome,
  firstShipped,
  patchTexts,
  type UpgradableHome,
} from '../support/homes/shipped-program.ts'
import { soundDay } from '../support/homes/valid-home.ts'
import { rounds } from '../support/stress.ts'
import type { TestHost } from '../support/test-host.ts'

interface World extends Pick<UpgradableHome, 'ship'> {
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
  remove: (choice, { home, host }) => {
    const names = [`tools/${idOf(choice)}`]
    return commitEdit(home.directory, toRemovalEdit({ names, isCascade: choice % 2 === 0 }), host)
  },
  'remove what the home began with': async (choice, { home, host }) => {
    const names = await listSome(choice, home.directory, host)
    return commitEdit(home.directory, toRemovalEdit({ names, isCascade: true }), host)
  },
  rename: async (choice, { home, host }) => {
    const [name = ''] = await listSome(choice, home.directory, host)
    return commitEdit(home.directory, toRenameEdit({ name, newId: `other-${idOf(choice)}` }), host)
  },
  edit: async (choice, { home, host }) => {
    const [name = ''] = await listSome(choice, home.directory, host)
    const entry = readEditedEntry(name, await readTexts(home.directory, host))
    const value = { ...Object(entry.value), description: `Number ${choice}` }
    const draft = parseDraft(JSON.stringify(value), 'draft.json')
    return commitEdit(home.directory, toEntryEdit(entry, draft, host), host)
  },
  upgrade: async (choice, { home, host, ship }) => {
    const id = `later-${choice % 3}`
    const entry = { detection: `which ${id}`, category: 'runtime', env_var: toExportName(id) }
    const tools = { [id]: entry, docker: { description: `Number ${choice}` } }
    const shown = { display_name: id, ui_component: 'capability_badge' }
    const card = { ...shown, category: 'runtime', env_var: toExportName(id) }
    const dashboard = { sections: { tools: { entries: { [id]: card } } } }
    const models = { large: { context_tokens: 1000 + choice } }
    await ship(patchTexts(firstShipped, { tools, dashboard, models }))
    await upgradeHome(home.directory, host)
  },
  sync: (_, { home, host }) => sync(home, { mode: 'quick', isForced: false, isDryRun: false }, host),
}

async function readTexts(directory: string, host: TestHost): Promise<HomeContent> {
  const files = await readHomeFiles(directory, registryNames, host)
  return new Map(files.map(({ name, text }) => [name, text]))
}

/** One entry of the home, as it is now. */
async function listSome(choice: number, directory: string, host: TestHost): Promise<string[]> {
  const texts = await readTexts(directory, host)
  const refs = subRegistryNames.flatMap(name =>
    Object.keys(JSON.parse(texts.get(name) ?? '{}'))
      .filter(id => id !== '$schema')
      .map(id => `${name}/${id}`),
  )
  return [refs[choice % refs.length] ?? 'tools/one']
}

async function createWorld(): Promise<World> {
  const { host, directory, ship } = await createUpgradableHome({
    clock: { now: () => Date.parse(soundDay) },
  })
  return {
    home: { directory, origin: 'default' },
    host: { ...host, env: { ...host.env, PATH: '/nowhere' } },
    ship,
  }
}

// A tool and a framework of one id would need the same card; an entry may have gone, or be needed.
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof NexusError) || !['input', 'usage'].includes(error.code)) throw error
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
  timeout: rounds(1_800_000, 120_000),
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
