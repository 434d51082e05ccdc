import { describe, expect, test } from 'vitest'
import { has } from '../../src/has/has.ts'
import { parseHasNames } from '../../src/has/has-names.ts'
import { soundDay, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { writeScript } from '../support/processes/script.ts'
import { createTestHost } from '../support/test-host.ts'

interface World {
  readonly programs?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Fields of further tools, by id. */
  readonly tools?: Readonly<Record<string, object>>
  /** What the last sync found of the provider. */
  readonly provider?: { key_env: string; reachable: boolean; credential?: string }
}

async function createWorld({ programs = [], env, tools = {}, provider }: World) {
  const place = await createTestHost()
  const bin = `${place.directory}/bin`
  for (const program of programs) await writeScript(`${bin}/${program}`, 'echo version 28.1')
  const own: unknown = JSON.parse(soundTexts.tools)
  const further = Object.entries(tools).map(([id, fields]) => [
    id,
    { detection: `which ${id}`, env_var: `NEXUS_HAS_${id.toUpperCase()}`, ...fields },
  ])
  const text = JSON.stringify({ ...Object(own), ...Object.fromEntries(further) })
  const detected = { status: 'configured', latency_ms: null, reason: null, checked_at: soundDay, ...provider }
  const { acme, ...others } = Object(JSON.parse(soundTexts.providers))
  const providers = JSON.stringify({ acme: { ...acme, ...(provider && { detected }) }, ...others })
  await writeHome(place.directory, { ...soundTexts, tools: text, providers })
  const host = {
    ...place,
    env: { ...place.env, PATH: bin, ...env },
    clock: { ...place.clock, now: () => Date.parse(soundDay) },
  }
  const home = { directory: place.directory, origin: 'default' } as const
  return async (...args: string[]) => (await has({ home, names: await parseHasNames(args) }, host)).items
}

/** What is said of each name, in a line. */
async function tell(world: World, ...args: string[]): Promise<string[]> {
  const items = await (await createWorld(world))(...args)
  return items.map(item =>
    'error' in item
      ? `! ${item.error.message}`
      : `${item.isReady ? '+' : '-'} ${item.ref} ${item.status}${item.reason === null ? '' : `: ${item.reason}`}`,
  )
}

const claimed = { one: { aliases: ['shared'] }, two: { aliases: ['shared'] } }

describe('has', () => {
  const rows: [what: string, world: World, args: string[], lines: (string | RegExp)[]][] = [
    ['a tool by its id', { programs: ['docker'] }, ['docker'], ['+ tools/docker present']],
    [
      'several of all kinds',
      { programs: ['docker'], env: { ACME_KEY: 'x' } },
      ['docker', 'podman', 'acme', 'large'],
      [
        '+ tools/docker present',
        /^- tools\/podman absent: podman was not found on PATH/,
        '+ providers/acme ready',
        '+ models/large ready',
      ],
    ],
    [
      'a provider without a key',
      {},
      ['providers/acme'],
      [/^- providers\/acme not set up: neither ACME_API_KEY nor ACME_KEY is set/],
    ],
    [
      'a provider that rejected the key',
      { env: { ACME_KEY: 'x' }, provider: { key_env: 'ACME_KEY', credential: 'rejected', reachable: true } },
      ['acme', 'models/large'],
      [
        '- providers/acme not ready: its credential was rejected',
        /^- models\/large not ready: providers\/acme: /,
      ],
    ],
    [
      'a provider that did not respond',
      { env: { ACME_KEY: 'x' }, provider: { key_env: 'ACME_KEY', reachable: false } },
      ['acme'],
      ['- providers/acme not ready: it does not respond'],
    ],
    [
      'a provider that rejected another key',
      {
        env: { ACME_API_KEY: 'x' },
        provider: { key_env: 'ACME_KEY', credential: 'rejected', reachable: true },
      },
      ['acme'],
      ['+ providers/acme ready'],
    ],
    [
      'a model without a key',
      {},
      ['models/large'],
      [/^- models\/large not set up: providers\/acme: neither/],
    ],
    ['a range', { programs: ['docker'] }, ['docker@28'], ['+ tools/docker present']],
    [
      'a range that is not satisfied',
      { programs: ['docker'] },
      ['docker>=29'],
      ['- tools/docker present: docker 28.1 does not satisfy >=29'],
    ],
    [
      'an executable',
      { programs: ['docker'], tools: { container: { detection: 'which docker' } } },
      ['container'],
      ['+ tools/container present'],
    ],
    [
      'an alias',
      { programs: ['one'], tools: { one: { aliases: ['uno'] } } },
      ['uno'],
      ['+ tools/one present'],
    ],
    [
      'an alias that two entries claim',
      { tools: claimed },
      ['shared', 'docker'],
      ['! "shared" means several: tools/one, tools/two', /^- tools\/docker absent/],
    ],
    ['a range that is none', {}, ['docker@latest'], ['! "latest" is not a version range']],
    ['an empty range', {}, ['docker@'], ['! "" is not a version range']],
    ['a range for a key', {}, ['acme@2'], ['! providers/acme has no version to compare with "2"']],
    ['an empty name', {}, [''], ['! a name is empty']],
    ['a name with control characters', {}, ['a\u001b[31m\u0000b\nc'], ['! nothing is called "ab c"']],
    ['a name that is not known', {}, ['dokcer'], ['! nothing is called "dokcer"']],
    ['a ref of another registry', {}, ['models/docker'], ['! nothing is called "models/docker"']],
  ]
  test.each(rows)('%s', async (_, world, args, lines) => {
    const told = await tell(world, ...args)
    expect(told).toHaveLength(lines.length)
    for (const [index, line] of lines.entries()) {
      if (typeof line === 'string') expect(told[index]).toBe(line)
      else expect(told[index]).toMatch(line)
    }
  })

  test('10,000 names, of which most are not known', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `nothing-${index}`)
    const told = await tell({ programs: ['docker'] }, ...names, 'docker')
    expect(told).toHaveLength(10_001)
    expect(told.at(-1)).toBe('+ tools/docker present')
  })
})

describe('has, of what only the catalog knows,', () => {
  const rows: [what: string, programs: string[], args: string[], lines: (string | RegExp)[]][] = [
    ['an executable', ['rg'], ['rg'], ['+ tools/rg present']],
    ['another name', ['rg'], ['ripgrep'], ['+ tools/rg present']],
    [
      'the executable that was named, and no other',
      ['fdfind'],
      ['fd', 'fdfind'],
      [/^- tools\/fd absent/, '+ tools/fd present'],
    ],
    ['any executable, for a name that is none', ['fdfind'], ['fd-find'], ['+ tools/fd present']],
    ['a range', ['rg'], ['rg@>=28'], ['+ tools/rg present']],
    [
      'a tool whose version is not read',
      ['vulkaninfo'],
      ['vulkaninfo', 'vulkaninfo@1'],
      ['+ tools/vulkaninfo present', /its version is not read: it has no version command/],
    ],
    ['the own entry of a tool', ['docker'], ['docker-cli'], ['+ tools/docker present']],
    ['a key', [], ['perplexity'], [/^- providers\/perplexity not set up: PERPLEXITY_API_KEY is not set/]],
  ]
  test.each(rows)('%s', async (_, programs, args, lines) => {
    const told = await tell({ programs }, ...args)
    expect(told).toHaveLength(lines.length)
    for (const [index, line] of lines.entries()) {
      if (typeof line === 'string') expect(told[index]).toBe(line)
      else expect(told[index]).toMatch(line)
    }
  })
})
