import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { createGraph, findNode } from '../../src/graph/load-graph.ts'
import type { WebRequest, WebResponse } from '../../src/platform/http.ts'
import { explain, explainAll, rankCauses } from '../../src/readiness/explain.ts'
import type { Cause } from '../../src/readiness/readiness.ts'
import type { RegistryHome } from '../../src/registry/home/directories.ts'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { type RegistryName, registryNames } from '../../src/registry/schema/names.ts'
import { toVisibleSnapshot } from '../../src/security/access.ts'
import { type HomeTexts, soundDay, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { writeScript } from '../support/processes/script.ts'
import { createTestHost } from '../support/test-host.ts'

interface World {
  readonly texts?: Partial<HomeTexts>
  readonly env?: Readonly<Record<string, string>>
  /** Programs on PATH. */
  readonly programs?: readonly string[]
  readonly answer?: WebResponse
  readonly isTrusted?: boolean
  /** Text of `.env` in the working directory. */
  readonly dotenv?: string
  /** Hidden registries. */
  readonly hidden?: readonly RegistryName[]
}

async function createWorld({
  texts,
  env,
  programs = [],
  answer,
  isTrusted = true,
  dotenv,
  hidden = [],
}: World) {
  const requests: WebRequest[] = []
  const place = await createTestHost()
  const bin = `${place.directory}/bin`
  for (const program of programs) await writeScript(`${bin}/${program}`, 'echo version 28.1')
  await writeHome(place.directory, { ...soundTexts, ...texts })
  if (dotenv !== undefined) await writeFile(`${place.directory}/.env`, dotenv)
  const host = {
    ...place,
    env: { ...place.env, PATH: bin, ...env },
    clock: { ...place.clock, now: () => Date.parse(soundDay) },
    sendRequest: (request: WebRequest) => {
      requests.push(request)
      return Promise.resolve(answer ?? answerWith(200))
    },
  }
  const home: RegistryHome = { directory: place.directory, origin: isTrusted ? 'default' : 'flag' }
  const whole = await loadSnapshot(place.directory, host)
  const seen = registryNames.filter(name => !hidden.includes(name))
  const snapshot = toVisibleSnapshot(whole, new Set(seen))
  const request = { home, snapshot, whole, graph: createGraph(snapshot) }
  const explainNode = async (name: string) => explain(findNode(name, request.graph, snapshot), request, host)
  return { explain: explainNode, explainAll: () => explainAll(request, host), requests, bin }
}

const withKey = { ACME_KEY: 'secret-value' }
const driven = soundTexts.microservices.replace(
  '"health_endpoint"',
  '"requires": ["acme_adapter"], "health_endpoint"',
)

describe('a model', () => {
  const rows: [what: string, world: World, status: string, causes: RegExp[]][] = [
    ['is ready when its key is set', { env: withKey }, 'ready', []],
    ['is ready by any of the variables', { env: { ACME_API_KEY: 'x' } }, 'ready', []],
    [
      'is not when none is set',
      {},
      'not ready',
      [/^providers\/acme neither ACME_API_KEY nor ACME_KEY is set/],
    ],
    ['is not when the variable is empty', { env: { ACME_KEY: '' } }, 'not ready', [/^providers\/acme/]],
    [
      'is not when the service that has its adapter is down',
      { env: withKey, texts: { microservices: driven }, answer: { outcome: 'refused' } },
      'not ready',
      [/^microservices\/metrics nothing listens at http:\/\/127\.0\.0\.1:9004\/health/],
    ],
    [
      'is not when that service is not well',
      { env: withKey, texts: { microservices: driven }, answer: answerWith(503) },
      'not ready',
      [/^microservices\/metrics .* answers with 503/],
    ],
    [
      'is unknown when that service does not respond',
      { env: withKey, texts: { microservices: driven }, answer: { outcome: 'timed-out' } },
      'unknown',
      [/^microservices\/metrics .* did not answer within 1 s/],
    ],
    [
      'is unknown when that service is on another machine',
      { env: withKey, texts: { microservices: driven }, answer: { outcome: 'out-of-reach' } },
      'unknown',
      [/^microservices\/metrics .* is not on this machine/],
    ],
    [
      'is unknown when its home is not trusted',
      { env: withKey, texts: { microservices: driven }, isTrusted: false },
      'unknown',
      [/^microservices\/metrics services of a home that is not trusted are not checked nexus-registry trust/],
    ],
    [
      'is not ready when it is retired',
      {
        env: withKey,
        texts: {
          models: soundTexts.models.replace(
            '"status": "active"',
            '"status": "retired", "successor": "medium"',
          ),
        },
      },
      'not ready',
      [/^models\/large it is retired Use medium instead/],
    ],
    [
      'is not ready when its entry is broken',
      { env: withKey, texts: { models: soundTexts.models.replace('"active"', '"alive"') } },
      'not ready',
      [/^models\/large its entry in .* is broken/],
    ],
  ]
  test.each(rows)('%s', async (_, world, status, causes) => {
    const { explanation } = await (await createWorld(world)).explain('models/large')
    expect(explanation.status).toBe(status)
    const found = explanation.causes.map(({ ref, reason, hint }) => `${ref} ${reason} ${hint}`)
    expect(found).toEqual(causes.map(cause => expect.stringMatching(cause)))
  })

  test('that is deprecated is ready, with a warning about its successor', async () => {
    const { explanation } = await (await createWorld({ env: withKey })).explain('small')
    expect(explanation).toMatchObject({ status: 'ready', causes: [] })
    expect(explanation.warnings).toEqual(['it is deprecated and retires on 2999-06-01: use medium instead'])
  })

  test('names a variable that only .env sets, and not its value', async () => {
    const world = await createWorld({ dotenv: 'OTHER_KEY=x\nACME_KEY=secret-value\n' })
    const { causes } = (await world.explain('large')).explanation
    expect(causes.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/ is set \(ACME_KEY stands in \.\/\.env, which is not loaded\)$/),
    ])
    expect(JSON.stringify(causes)).not.toContain('secret-value')
  })

  test('never contains a key', async () => {
    const world = await createWorld({
      env: withKey,
      texts: { microservices: driven },
      answer: { outcome: 'refused' },
    })
    expect(JSON.stringify([await world.explain('large'), await world.explainAll()])).not.toContain(
      'secret-value',
    )
  })
})

test('services of a home that is not trusted get no requests', async () => {
  const world = await createWorld({ isTrusted: false })
  await world.explainAll()
  expect(world.requests).toEqual([])
})

test('the health request of a service has its base path and limits', async () => {
  const microservices = soundTexts.microservices.replace(':9004"', ':9004/api/"')
  const world = await createWorld({ texts: { microservices } })
  await world.explain('microservices/metrics')
  expect(world.requests).toMatchObject([
    { url: 'http://127.0.0.1:9004/api/health', timeoutMs: 1000, maxBytes: 65_536 },
  ])
})

describe('a tool', () => {
  test('that is here has its path and its dependents', async () => {
    const world = await createWorld({ programs: ['docker'] })
    const { explanation, search } = await world.explain('docker')
    expect(explanation.status).toBe('ready')
    expect(explanation.dependents).toEqual(['dashboard/tools/docker', 'plugins/core'])
    expect(search?.detected).toMatchObject({
      path: `${world.bin}/docker`,
      version: '28.1',
      evidence: 'path',
    })
  })

  test('that is too old is not ready', async () => {
    const tools = soundTexts.tools.replace('"20.10"', '"99.0"')
    const { explanation } = await (await createWorld({ programs: ['docker'], texts: { tools } })).explain(
      'docker',
    )
    expect(explanation.causes).toMatchObject([{ ref: 'tools/docker', reason: '28.1 is below 99.0' }])
  })

  test('whose version is not known is unknown when one is required', async () => {
    const tools = soundTexts.tools
      .replace('docker --version', 'docker --no-such')
      .replace('version (', 'build (')
    const { explanation } = await (await createWorld({ programs: ['docker'], texts: { tools } })).explain(
      'docker',
    )
    expect(explanation).toMatchObject({
      status: 'unknown',
      causes: [{ reason: 'its version is not known, and 20.10 is required' }],
    })
  })

  test('of which one alternative is here is ready', async () => {
    const world = await createWorld({ programs: ['podman'] })
    expect((await world.explain('container_runtime')).explanation.status).toBe('ready')
    expect((await world.explain('docker')).explanation.causes.map(({ ref }) => ref)).toEqual(['tools/docker'])
  })

  test('of which no alternative is here is named with all of them', async () => {
    const { explanation } = await (await createWorld({})).explain('dashboard/tools/docker')
    expect(explanation.causes).toMatchObject([
      {
        ref: 'container_runtime',
        reason: 'tools/docker or tools/podman provides it, and none of them is ready',
      },
    ])
  })

  test('that does not exist is a cause of what refers to it', async () => {
    const plugins = soundTexts.plugins.replace('"docker"', '"dokcer"')
    const { explanation } = await (
      await createWorld({ programs: ['docker'], env: withKey, texts: { plugins } })
    ).explain('core')
    expect(explanation.causes).toMatchObject([{ ref: 'dokcer', reason: 'nothing is called "dokcer"' }])
  })
})

test.each([
  ['an entry', '"core": ">=1.0.0 <3"', '"core": ">=2.0.0"', 'core', 'plugins/core', '1.0.0'],
  ['a registry', '"dashboard": "^1.0.0"', '"dashboard": ">=2.0.0"', 'dashboard', 'dashboard', '1.2.0'],
])('%s whose version is excluded is not ready', async (_, range, narrow, name, ref, version) => {
  const hyper = soundTexts.hyper.replace(range, narrow)
  const { explanation } = await (await createWorld({ texts: { hyper } })).explain(name)
  expect(explanation.causes).toContainEqual({
    ref,
    status: 'not ready',
    reason: `it is ${version}, which >=2.0.0 leaves out`,
    hint: expect.stringContaining('version_compatibility'),
  })
})

describe('an entry that requires a range of versions', () => {
  const explainWith = async (requires: string) => {
    const plugins = soundTexts.plugins.replace('["router", "tools"]', JSON.stringify(requires.split(' & ')))
    const world = await createWorld({ texts: { plugins }, programs: ['docker'], env: withKey })
    return (await world.explain('core')).explanation
  }

  test('is not ready while its need has another version', async () => {
    expect((await explainWith('tools & router@^2.0.0')).causes).toEqual([
      {
        ref: 'plugins/core',
        status: 'not ready',
        reason: 'it needs router ^2.0.0, which is 1.0.0',
        hint: 'Update router, or widen the range: core.requires.1 in plugin_registry.json',
      },
    ])
  })

  test('is ready while its need has a version in the range', async () => {
    expect(await explainWith('tools@>=1.0.0 & router@>=1.0.0 <2')).toMatchObject({
      status: 'ready',
      causes: [],
    })
  })

  test('still needs it', async () => {
    const broken = soundTexts.plugins
      .replace('["router", "tools"]', '["router@^1.0.0"]')
      .replace('route"', 'route", 1')
    const world = await createWorld({ texts: { plugins: broken }, programs: ['docker'], env: withKey })
    expect((await world.explain('core')).explanation.causes).toMatchObject([{ ref: 'plugins/router' }])
  })
})

describe('an entry of a registry that cannot be read', () => {
  const texts = { tools: '{ "docker": ' }

  test('is neither ready nor not ready', async () => {
    const providers = '{ "acme": '
    const { explanation } = await (await createWorld({ texts: { providers } })).explain('large')
    expect(explanation.status).toBe('unknown')
    expect(explanation.causes[0]).toEqual({
      ref: 'providers/acme',
      status: 'unknown',
      reason: expect.stringMatching(/^.*provider_registry\.json cannot be read$/),
      hint: expect.stringMatching(/^See the errors: nexus-registry validate \/\S+$/),
    })
  })

  test('is not called missing', async () => {
    const world = await createWorld({ texts })
    await expect(world.explain('tools/docker')).rejects.toMatchObject({
      message: 'nothing that could be read is called "tools/docker"',
      hint: expect.stringMatching(/tool_registry\.json cannot be read\./),
    })
    await expect(world.explain('models/lrage')).rejects.toMatchObject({
      message: 'nothing is called "models/lrage"',
    })
  })
})

describe('how to install it', () => {
  const install =
    '"install": { "apt": "podman", "brew": "podman", "pacman": "it\'s; rm -rf /", "npm": "podman-js" }'
  const tools = soundTexts.tools.replace(
    '"detection": "which podman",',
    `"detection": "which podman", ${install},`,
  )
  test.each([
    ['apt', 'apt-get', /^(?:sudo )?apt install podman$/],
    ['Homebrew', 'brew', /^brew install podman$/],
    ['npm when no other manager is here', 'npm', /^npm install -g podman-js$/],
    ['no name that would be more than a name', 'pacman', /^Install podman \(apt: podman, [^;]*$/],
    ['no manager that is here', 'true', /^Install podman \(apt: podman, .*brew: podman/],
  ])('with %s', async (_, program, hint) => {
    const { explanation } = await (await createWorld({ programs: [program], texts: { tools } })).explain(
      'podman',
    )
    expect(explanation.causes[0]?.hint).toMatch(hint)
  })

  test.each([
    ['a home that is not trusted', { isTrusted: false }, ''],
    ['an entry from an upstream', {}, '"x-upstream": "https://up.example.com/tools", '],
  ])('of %s with only the shipped packages', async (_, world, mark) => {
    const own = soundTexts.tools.replace(
      '"detection": "which podman",',
      `"detection": "which podman", ${mark}"install": { "apt": "evil" },`,
    )
    const hintOf = async (text: string, id: string) => {
      const opened = await createWorld({ ...world, programs: ['apt-get'], texts: { tools: text } })
      return (await opened.explain(id)).explanation.causes[0]?.hint
    }
    expect(await hintOf(own, 'podman')).toMatch(/^(?:sudo )?apt install podman$/)
    const unknown = await hintOf(own.replace('"podman": {', '"mine": {'), 'mine')
    expect(unknown).toBe('Install mine, and put it on PATH')
  })

  test('into the interpreter of the detection', async () => {
    const frameworks = soundTexts.ml_frameworks.replace(
      '"env_var"',
      '"install": { "pip": "torch" }, "env_var"',
    )
    const { explanation } = await (await createWorld({ texts: { ml_frameworks: frameworks } })).explain(
      'pytorch',
    )
    expect(explanation.causes[0]?.hint).toBe('Install Python first, and then: python3 -m pip install torch')
  })

  const device = soundTexts.tools.replace('"probe": "gpu"', '"probe": "gpu", "install": { "apt": "driver" }')
  test('as the software of a device, which no package contains', async () => {
    const world = await createWorld({ programs: ['apt-get'], texts: { tools: device } })
    const { explanation } = await world.explain('gpu')
    expect(explanation.causes[0]?.hint).toMatch(
      /^It needs the device itself\. .*: (?:sudo )?apt install driver$/,
    )
  })

  test('leaves out managers of other platforms', async () => {
    const foreign = tools.replace('"npm": "podman-js"', '"winget": "Podman"')
    const { explanation } = await (await createWorld({ texts: { tools: foreign } })).explain('podman')
    expect(explanation.causes[0]?.hint).not.toContain('winget')
  })
})

test('a registry that cannot be read is a cause', async () => {
  const { unusable, causes } = await (await createWorld({ texts: { ml_frameworks: '[' } })).explainAll()
  expect(unusable.map(({ ref }) => ref)).toContain('ml_frameworks')
  expect(causes).toContainEqual(
    expect.objectContaining({ ref: 'ml_frameworks', reason: expect.stringMatching(/ cannot be read$/) }),
  )
})

test('several causes of one thing are all listed', () => {
  const toCause = (reason: string): Cause => ({ ref: 'models/a', status: 'not ready', reason, hint: '' })
  const own = { ref: 'models/a', status: 'not ready', dependents: [], warnings: [] } as const
  const causes = [toCause('no adapter'), toCause('no service')]
  expect(rankCauses([{ ...own, causes }]).map(({ reason }) => reason)).toEqual(['no adapter', 'no service'])
})

test('everything that is not usable comes with its causes, what blocks most first', async () => {
  const { causes, unusable } = await (await createWorld({ programs: ['docker'] })).explainAll()
  expect(causes[0]).toMatchObject({
    ref: 'providers/acme',
    blocks: expect.arrayContaining(['models/large']),
  })
  const counts = causes.filter(({ status }) => status === 'not ready').map(({ blocks }) => blocks.length)
  expect(counts).toEqual(counts.toSorted((left, right) => right - left))
  expect(unusable.map(({ ref }) => ref)).toContain('models/large')
  expect(unusable.map(({ ref }) => ref)).not.toContain('models/tiny')
})

function answerWith(status: number): WebResponse {
  return { outcome: 'answered', status, headers: {}, body: new Uint8Array() }
}

describe('a hidden registry', () => {
  test('may have an option, when none that can be read is ready', async () => {
    const { explain: explainIn } = await createWorld({ hidden: ['ml_frameworks'] })
    const { explanation } = await explainIn('container_runtime')
    expect(explanation).toMatchObject({
      status: 'unknown',
      causes: [
        {
          ref: 'container_runtime',
          status: 'unknown',
          reason:
            'tools/docker or tools/podman or something in ml_frameworks provides it, and none of them is known to be ready',
        },
      ],
    })
  })

  test('does not matter when an option that can be read is ready', async () => {
    const { explain: explainIn } = await createWorld({ hidden: ['ml_frameworks'], programs: ['docker'] })
    expect((await explainIn('container_runtime')).explanation).toMatchObject({
      status: 'ready',
      warnings: [],
    })
  })

  test('is a warning when it is hyper', async () => {
    const { explain: explainIn } = await createWorld({ hidden: ['hyper'], programs: ['docker'] })
    expect((await explainIn('container_runtime')).explanation).toMatchObject({
      status: 'ready',
      warnings: ['sign in to see hyper: its declarations are left out'],
    })
  })

  test('gets no requests', async () => {
    const { explain: explainIn, requests } = await createWorld({ hidden: ['microservices'] })
    const { explanation } = await explainIn('dashboard/load')
    expect(explanation.causes).toEqual([
      {
        ref: 'microservices/metrics',
        status: 'unknown',
        reason: 'you may not see microservices',
        hint: 'Use a token that may read microservices',
      },
    ])
    expect(requests).toEqual([])
  })
})
