import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { createGraph, findNode } from '../../src/graph/load-graph.ts'
import type { WebRequest, WebResponse } from '../../src/platform/http.ts'
import { explain, explainAll } from '../../src/readiness/explain.ts'
import { rankCauses } from '../../src/readiness/overview.ts'
import { type Cause, describeFix, toFix } from '../../src/readiness/readiness.ts'
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
  /** Files below the root of the platform; undefined without a platform. */
  readonly platform?: readonly string[] | undefined
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
  platform,
}: World) {
  const requests: WebRequest[] = []
  const place = await createTestHost()
  const bin = `${place.directory}/bin`
  for (const program of programs) await writeScript(`${bin}/${program}`, 'echo version 28.1')
  await writeHome(place.directory, { ...soundTexts, ...texts })
  const platformRoot = platform && `${place.directory}/platform`
  for (const file of platform ?? []) await writeScript(`${platformRoot}/${file}`, '')
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
  const request = { home, snapshot, whole, platformRoot, graph: createGraph(snapshot) }
  const explainNode = async (name: string) => explain(findNode(name, request.graph, snapshot), request, host)
  return { explain: explainNode, explainAll: () => explainAll(request, host), requests, bin }
}

const withKey = { ACME_KEY: 'secret-value' }
const driven = soundTexts.microservices.replace(
  '"health_endpoint"',
  '"requires": ["acme_adapter"], "health_endpoint"',
)
const platform = ['core.zsh', 'router.zsh', 'universal.py', 'acme.py']

/** A service that has been up before. */
function withLastUp(microservices: string): string {
  const detected = {
    status: 'down',
    latency_ms: null,
    last_up_at: soundDay,
    reason: 'nothing listens',
    checked_at: soundDay,
  }
  return microservices.replace('"endpoints"', `"detected": ${JSON.stringify(detected)}, "endpoints"`)
}

describe('a model', () => {
  const rows: [what: string, world: World, status: string, causes: RegExp[]][] = [
    ['is ready when its key is set', { env: withKey }, 'ready', []],
    ['is ready by any of the variables', { env: { ACME_API_KEY: 'x' } }, 'ready', []],
    [
      'is not set up when none is set',
      {},
      'not set up',
      [/^providers\/acme neither ACME_API_KEY nor ACME_KEY is set/],
    ],
    [
      'is not set up when the variable is empty',
      { env: { ACME_KEY: '' } },
      'not set up',
      [/^providers\/acme/],
    ],
    [
      'is ready when the platform has been seen here and is down',
      {
        env: withKey,
        texts: { microservices: withLastUp(driven) },
        answer: { outcome: 'refused' },
        platform,
      },
      'ready',
      [],
    ],
    [
      'is ready when its home is not trusted',
      { env: withKey, texts: { microservices: driven }, isTrusted: false },
      'ready',
      [],
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
    const found = explanation.causes.map(({ ref, reason, fix }) => `${ref} ${reason} ${describeFix(fix)}`)
    expect(found).toEqual(causes.map(cause => expect.stringMatching(cause)))
  })

  test('that is deprecated is ready, with a warning about its successor', async () => {
    const { explanation } = await (await createWorld({ env: withKey })).explain('small')
    expect(explanation).toMatchObject({ status: 'ready', causes: [] })
    expect(explanation.warnings).toEqual(['it is deprecated and retires on 2999-06-01: use medium instead'])
  })

  test('that its provider advises to leave is ready, with a warning', async () => {
    const models = JSON.parse(soundTexts.models)
    models.medium.legacy = true
    const texts = { models: JSON.stringify({ ...models, medium: { ...models.medium, successor: 'large' } }) }
    const { explanation } = await (await createWorld({ env: withKey, texts })).explain('medium')
    expect(explanation).toMatchObject({ status: 'ready', causes: [] })
    expect(explanation.warnings).toEqual([
      expect.stringMatching(/^its provider advises to move on: use large instead/),
    ])
  })

  const paths: [what: string, world: World, status: string, causes: string[]][] = [
    ['is ready when an adapter is here and its service is up', { platform }, 'ready', []],
    [
      'is not set up without a platform',
      { answer: { outcome: 'refused' } },
      'not set up',
      ['microservices/metrics', 'models/large'],
    ],
    [
      'is not set up while its service was never up',
      { platform, answer: { outcome: 'refused' } },
      'not set up',
      ['microservices/metrics'],
    ],
    [
      'is not ready when its service was up and is not now',
      { platform, answer: { outcome: 'refused' }, texts: { microservices: withLastUp(driven) } },
      'not ready',
      ['microservices/metrics'],
    ],
    [
      'is not ready when its service is not well',
      { platform, answer: answerWith(503), texts: { microservices: withLastUp(driven) } },
      'not ready',
      ['microservices/metrics'],
    ],
    ['is not set up while the model is not', { platform, env: {} }, 'not set up', ['providers/acme']],
  ]
  test.each(paths)('through the platform %s', async (_, world, status, causes) => {
    const { explanation } = await (
      await createWorld({ env: withKey, ...world, texts: { microservices: driven, ...world.texts } })
    ).explain('models/large')
    expect(explanation.via_platform?.status).toBe(status)
    expect(explanation.via_platform?.causes.map(({ ref }) => ref)).toEqual(causes)
  })

  test('has no path through a platform that has no adapters', async () => {
    const texts = { adapters: '{}', hyper: soundTexts.hyper, plugins: '{}' }
    const { explanation } = await (await createWorld({ env: withKey, texts })).explain('models/large')
    expect(explanation).not.toHaveProperty('via_platform')
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

describe('a service', () => {
  const rows: [what: string, world: World, status: string][] = [
    ['is ready when it is up', { answer: answerWith(200) }, 'ready'],
    ['is not set up when it was never up', { answer: { outcome: 'refused' } }, 'not set up'],
    [
      'is not ready when it was up before',
      { answer: { outcome: 'refused' }, texts: { microservices: withLastUp(soundTexts.microservices) } },
      'not ready',
    ],
    ['is unknown when it does not respond', { answer: { outcome: 'timed-out' } }, 'unknown'],
    ['is unknown on another machine', { answer: { outcome: 'out-of-reach' } }, 'unknown'],
    ['is unknown when its home is not trusted', { isTrusted: false }, 'unknown'],
  ]
  test.each(rows)('%s', async (_, world, status) => {
    const { explanation } = await (await createWorld(world)).explain('microservices/metrics')
    expect(explanation.status).toBe(status)
  })
})

describe('a part of the platform', () => {
  const rows: [what: string, ref: string, world: World, status: string, causes: RegExp[]][] = [
    [
      'is not set up without a platform',
      'plugins/core',
      {},
      'not set up',
      [/^no platform is configured here$/],
    ],
    [
      'is not set up without its file',
      'plugins/core',
      { platform: ['router.zsh'] },
      'not set up',
      [/core\.zsh does not exist$/],
    ],
    [
      'is not ready when a tool that it requires is absent',
      'plugins/core',
      { platform, env: withKey },
      'not ready',
      [/^docker was not found on PATH/, /docker or .*podman provides it, and none of them is set up$/],
    ],
    [
      'is ready when all that it requires is',
      'plugins/core',
      { platform, env: withKey, programs: ['docker'] },
      'ready',
      [],
    ],
    [
      'is not ready while its provider is not set up',
      'adapters/acme_adapter',
      { platform },
      'not ready',
      [/^neither ACME/],
    ],
    [
      'is unknown when its path leads out of the platform',
      'adapters/universal',
      { platform, texts: { adapters: soundTexts.adapters.replace('universal.py', '../../etc/passwd') } },
      'unknown',
      [/leads out of the platform$/],
    ],
    [
      'is unknown when its path is absolute',
      'adapters/universal',
      { platform, texts: { adapters: soundTexts.adapters.replace('universal.py', '/etc/passwd') } },
      'unknown',
      [/leads out of the platform$/],
    ],
  ]
  test.each(rows)('%s', async (_, ref, world, status, causes) => {
    const { explanation } = await (await createWorld(world)).explain(ref)
    expect(explanation.causes.map(({ reason }) => reason)).toEqual(
      causes.map(cause => expect.stringMatching(cause)),
    )
    expect(explanation.status).toBe(status)
  })
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
    expect(explanation.causes.at(-1)).toMatchObject({
      ref: 'container_runtime',
      reason: 'tools/docker or tools/podman provides it, and none of them is set up',
    })
  })

  test('that does not exist is a cause of what refers to it', async () => {
    const plugins = soundTexts.plugins.replace('"docker"', '"dokcer"')
    const { explanation } = await (
      await createWorld({ programs: ['docker'], env: withKey, texts: { plugins }, platform })
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
    fix: { text: expect.stringContaining('version_compatibility'), command: null },
  })
})

describe('an entry that requires a range of versions', () => {
  const explainWith = async (requires: string) => {
    const plugins = soundTexts.plugins.replace('["router", "tools"]', JSON.stringify(requires.split(' & ')))
    const world = await createWorld({ texts: { plugins }, programs: ['docker'], env: withKey, platform })
    return (await world.explain('core')).explanation
  }

  test('is not ready while its need has another version', async () => {
    expect((await explainWith('tools & router@^2.0.0')).causes).toEqual([
      {
        ref: 'plugins/core',
        status: 'not ready',
        reason: 'it needs router ^2.0.0, which is 1.0.0',
        fix: toFix('Update router, or widen the range: core.requires.1 in plugin_registry.json'),
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
    const world = await createWorld({
      texts: { plugins: broken },
      programs: ['docker'],
      env: withKey,
      platform,
    })
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
      fix: { text: 'See the errors', command: expect.stringMatching(/^nexus-registry validate \/\S+$/) },
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
    const fix = explanation.causes[0]?.fix
    expect(fix?.command ?? fix?.text).toMatch(hint)
  })

  test.each([
    ['a home that is not trusted', { isTrusted: false }, ''],
    ['an entry from an upstream', {}, '"x-upstream": "https://up.example.com/tools", '],
  ])('of %s with only the shipped packages', async (_, world, mark) => {
    const own = soundTexts.tools.replace(
      '"detection": "which podman",',
      `"detection": "which podman", ${mark}"install": { "apt": "evil" },`,
    )
    const fixOf = async (text: string, id: string) => {
      const opened = await createWorld({ ...world, programs: ['apt-get'], texts: { tools: text } })
      return (await opened.explain(id)).explanation.causes[0]?.fix
    }
    expect((await fixOf(own, 'podman'))?.command).toMatch(/^(?:sudo )?apt install podman$/)
    const unknown = await fixOf(own.replace('"podman": {', '"mine": {'), 'mine')
    expect(unknown).toEqual(toFix('Install mine, and put it on PATH'))
  })

  test('into the interpreter of the detection', async () => {
    const frameworks = soundTexts.ml_frameworks.replace(
      '"env_var"',
      '"install": { "pip": "torch" }, "env_var"',
    )
    const { explanation } = await (await createWorld({ texts: { ml_frameworks: frameworks } })).explain(
      'pytorch',
    )
    expect(explanation.causes[0]?.fix.text).toBe(
      'Install Python first, and then: python3 -m pip install torch',
    )
  })

  const device = soundTexts.tools.replace('"probe": "gpu"', '"probe": "gpu", "install": { "apt": "driver" }')
  test('as the software of a device, which no package contains', async () => {
    const world = await createWorld({ programs: ['apt-get'], texts: { tools: device } })
    const { explanation } = await world.explain('gpu')
    expect(explanation.causes[0]?.fix).toEqual({
      text: expect.stringMatching(/^It needs the device itself\. /),
      command: expect.stringMatching(/^(?:sudo )?apt install driver$/),
    })
  })

  test('leaves out managers of other platforms', async () => {
    const foreign = tools.replace('"npm": "podman-js"', '"winget": "Podman"')
    const { explanation } = await (await createWorld({ texts: { tools: foreign } })).explain('podman')
    expect(explanation.causes[0]?.fix.text).not.toContain('winget')
  })
})

test('several causes of one thing are all listed', () => {
  const toCause = (reason: string): Cause => ({
    ref: 'models/a',
    status: 'not ready',
    reason,
    fix: toFix(''),
  })
  const causes = [toCause('no adapter'), toCause('no service')]
  expect(rankCauses([{ ref: 'models/a', causes }]).map(({ reason }) => reason)).toEqual([
    'no adapter',
    'no service',
  ])
})

describe('the overview of a machine', () => {
  const refsOf = (found: readonly { readonly ref: string }[]) => found.map(({ ref }) => ref)

  test('has no problems where nothing is set up', async () => {
    const overview = await (await createWorld({ answer: { outcome: 'refused' } })).explainAll()
    expect(overview.problems).toEqual([])
    expect(overview.unknown).toEqual([])
    expect(overview.not_set_up.map(({ ref, models }) => [ref, models])).toEqual([
      ['adapters/acme_adapter', undefined],
      ['adapters/universal', undefined],
      ['microservices/metrics', undefined],
      ['plugins/core', undefined],
      ['plugins/router', undefined],
      ['providers/acme', 4],
    ])
    expect(refsOf(overview.absent)).toEqual([
      'ml_frameworks/pytorch',
      'tools/docker',
      'tools/gpu',
      'tools/podman',
    ])
    expect(overview.retiring).toEqual([])
  })

  test('has a registry that cannot be read as a problem', async () => {
    const { problems } = await (await createWorld({ texts: { ml_frameworks: '[' } })).explainAll()
    expect(problems).toContainEqual(
      expect.objectContaining({ ref: 'ml_frameworks', reason: expect.stringMatching(/ cannot be read$/) }),
    )
  })

  test('has a tool that a plug-in of this machine requires as a problem, and not as absent', async () => {
    const { problems, absent } = await (await createWorld({ platform, env: withKey })).explainAll()
    expect(problems).toContainEqual(
      expect.objectContaining({ ref: 'tools/docker', status: 'not set up', blocks: ['plugins/core'] }),
    )
    expect(refsOf(absent)).not.toContain('tools/docker')
  })

  test('has each problem once, what blocks most first, and no model that has retired', async () => {
    const texts = {
      microservices: withLastUp(soundTexts.microservices),
      tools: soundTexts.tools.replace('"20.10"', '"99.0"'),
      models: soundTexts.models.replace('"active"', '"retired"'),
    }
    const world = {
      texts,
      platform,
      programs: ['docker'],
      env: withKey,
      answer: { outcome: 'refused' } as const,
    }
    const { problems } = await (await createWorld(world)).explainAll()
    expect(problems.map(({ ref, blocks }) => [ref, blocks])).toEqual([
      ['models/large', ['plugins/core', 'plugins/router']],
      ['container_runtime', ['plugins/core']],
      ['tools/docker', ['plugins/core']],
      ['microservices/metrics', []],
    ])
  })

  test('lists models of ready providers that retire within 90 days', async () => {
    const models = soundTexts.models.replace('2999-06-01', '2027-01-14')
    const withoutKey = await (await createWorld({ texts: { models } })).explainAll()
    const overview = await (await createWorld({ texts: { models }, env: withKey })).explainAll()
    expect(withoutKey.retiring).toEqual([])
    expect(overview.retiring).toEqual([
      { ref: 'models/small', retires_on: '2027-01-14', successor: 'medium' },
    ])
  })
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
        reason: 'sign in to see microservices',
        fix: toFix('Use a token that may read microservices'),
      },
    ])
    expect(requests).toEqual([])
  })
})
