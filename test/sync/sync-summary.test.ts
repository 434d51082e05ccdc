import { describe, expect, test } from 'vitest'
import type { SyncReport } from '../../src/detection/report.ts'
import { toSigns } from '../../src/lib/terminal/signs.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { textWidth } from '../../src/lib/terminal/width.ts'
import { withoutEscapes } from '../../src/lib/text/text.ts'
import type { Detected } from '../../src/registry/schema/detected.ts'
import { byRegistry } from '../../src/registry/snapshot.ts'
import { renderSyncSummary, type SyncSummaryView } from '../../src/sync/render-summary.ts'

const now = Date.parse('2026-11-29T12:00:00.000Z')

function found(version: string | null, path: string | null, reason: string | null = null): Detected {
  const status = reason === null || path !== null ? 'present' : 'absent'
  return { status, path, version, evidence: 'path', reason, checked_at: '2026-11-29T11:59:48.000Z' }
}

const broken: Detected = {
  ...found('0.11.0', '/home/ana/ml/.venv'),
  status: 'broken',
  reason: 'libcudart.so.12: cannot open shared object file: No such file or directory',
}

const report: SyncReport = {
  home: '/home/ana/.local/share/nexus-registry',
  started_at: '2026-11-29T11:59:59.000Z',
  duration_ms: 1480,
  registries: byRegistry(() => ({ status: 'ok', source: 'file', entries: 1, duration_ms: 1, warnings: [] })),
  changes: [
    { ref: 'ml_frameworks/vllm', field: 'status', from: 'present', to: 'broken' },
    { ref: 'ml_frameworks/pytorch', field: 'version', from: '2.8.0', to: '2.9.1' },
    { ref: 'tools/podman', field: 'status', from: 'present', to: 'absent' },
    { ref: 'tools/podman', field: 'version', from: '5.0.0', to: null },
    { ref: 'tools/jq', field: 'path', from: '/opt/jq', to: '/home/ana/bin/jq' },
    { ref: 'providers/mistral', field: 'status', from: 'unconfigured', to: 'configured' },
    { ref: 'microservices/aefa', field: 'status', from: 'up', to: 'down' },
  ],
  incompatible: [],
  detections: {
    tools: {
      docker: found('28.2.2', '/usr/local/bin/docker'),
      podman: found(null, null, 'podman was not found on PATH'),
      jq: found('1.7.1', '/home/ana/bin/jq'),
      git: found('2.51.0', '/usr/bin/git'),
      tpu: found(null, null, 'no device'),
    },
    ml_frameworks: {
      pytorch: found('2.9.1+cu128', '/home/ana/ml/.venv/lib/python3.12/site-packages/torch'),
      vllm: broken,
    },
    microservices: {},
    providers: {},
  },
}

const view: SyncSummaryView = {
  report,
  toolGroups: [
    { category: 'container', ids: ['docker', 'podman'] },
    { category: 'runtime', ids: ['jq'] },
    { category: 'vcs', ids: ['git'] },
    { category: 'compute', ids: ['tpu'] },
  ],
  isFirst: false,
  overview: {
    problems: [
      {
        ref: 'ml_frameworks/vllm',
        status: 'not ready',
        reason: 'libcudart.so.12: cannot open shared object file: No such file or directory',
        fix: {
          text: 'Install it again',
          command: '/home/ana/ml/.venv/bin/python -m pip install --upgrade --force-reinstall vllm',
        },
        blocks: ['plugins/nexus_infer'],
      },
      {
        ref: 'tools/docker',
        status: 'not ready',
        reason: 'nothing listens at unix:///var/run/docker.sock',
        fix: { text: 'Ask the person who keeps this machine to start its engine', command: null },
        blocks: [],
      },
    ],
    retiring: [
      { ref: 'models/gpt-4.1', retires_on: '2027-01-14', successor: null },
      { ref: 'models/gpt-4o', retires_on: '2027-01-14', successor: null },
    ],
  },
  callable: 17,
  machine: 'forge',
  lastSync: now - 65_000,
  now,
  userHome: '/home/ana',
}

async function render(changed: Partial<SyncSummaryView>, width: number | undefined, kind = 'plain') {
  const env = kind === 'ascii' ? { LANG: 'C' } : { LANG: 'C.UTF-8' }
  const painted = { ...env, FORCE_COLOR: '1' }
  const style = await createStyle({
    stream: { isTerminal: true },
    env: kind === 'colour' ? painted : env,
    color: kind === 'colour',
  })
  return renderSyncSummary({ ...view, ...changed }, { style, signs: toSigns(env), width })
}

describe.each([40, 60, 80, 120])('a sync on a terminal of %i columns', width => {
  test.each(['colour', 'plain', 'ascii'])('in %s', async kind => {
    await expect(await render({}, width, kind)).toMatchFileSnapshot(`golden/sync-${width}-${kind}.txt`)
  })

  test('has no line that is too long, but for commands to copy', async () => {
    const lines = withoutEscapes(await render({}, width, 'colour')).split('\n')
    const long = lines.filter(line => textWidth(line) > width && !/^ *\$ /.test(line))
    expect(long).toEqual([])
  })
})

test('where nothing has changed it is three lines', async () => {
  const unchanged = { report: { ...report, changes: [] } }
  expect(await render(unchanged, 100)).toBe(
    [
      'forge: 17 models can be called, 2 things are broken (vllm, docker)',
      'nothing has changed since 1 minute ago; 4 of 7 here, checked in 1.5 s',
      'why, and how to fix it: nexus-registry explain',
    ].join('\n'),
  )
  const well = { ...unchanged, overview: { problems: [], retiring: [] }, callable: 0, lastSync: undefined }
  expect(await render(well, 100)).toBe(
    [
      'forge: no model can be called yet',
      'nothing has changed; 4 of 7 here, checked in 1.5 s',
      'everything: nexus-registry sync --all',
    ].join('\n'),
  )
})

test('the first sync says what is here, and names no changes', async () => {
  const text = await render({ isFirst: true, callable: 0 }, 80)
  expect(text).not.toContain('changed since')
  expect(text).toContain('This is the first sync here')
  expect(text).toContain('nexus-registry list providers')
  expect(await render({ isFirst: true }, 80)).not.toContain('To call a model')
})

test('a poll that failed or changed something is worth more than three lines', async () => {
  const upstream = {
    url: 'https://registry.example/models',
    created: ['a', 'b'],
    updated: [],
    removed: [],
    quarantined: [],
    health: 'fresh' as const,
    age_seconds: 0,
    error: null,
  }
  const toReport = (error: string | null) => ({
    ...report,
    changes: [],
    registries: {
      ...report.registries,
      models: { ...report.registries.models, upstream: { ...upstream, error } },
    },
  })
  expect(await render({ report: toReport(null) }, 80)).toContain(
    '2 new, from https://registry.example/models',
  )
  expect(await render({ report: toReport('it answered 503') }, 80)).toMatch(/✗ models +it answered 503/)
})

test('names steer no terminal', async () => {
  const hostile = { ref: 'tools/a\u001b[2J', field: 'status', from: null, to: 'present\u0007' } as const
  expect(await render({ report: { ...report, changes: [hostile] }, machine: 'a\u001bb' }, 80)).not.toMatch(
    /[\u0007\u001b]/,
  )
})

test.each<[Readonly<Record<string, string>>, string]>([
  [{}, '✓'],
  [{ LANG: 'en_US.UTF-8' }, '✓'],
  [{ LANG: 'C.utf8' }, '✓'],
  [{ LANG: '' }, '✓'],
  [{ LANG: 'C' }, '+'],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, '+'],
  [{ LANG: 'C', LC_CTYPE: 'C.UTF-8' }, '✓'],
  [{ LANG: 'en_US.UTF-8', TERM: 'dumb' }, '+'],
])('the signs of %j', (env, sign) => {
  expect(toSigns(env).good).toBe(sign)
})
