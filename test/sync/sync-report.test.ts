import { describe, expect, it } from 'vitest'
import type { SyncReport } from '../../src/detection/report.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import type { Detected, ProviderDetected, ServiceDetected } from '../../src/registry/schema/detected.ts'
import { byRegistry } from '../../src/registry/snapshot.ts'
import { renderSyncReport, type SyncReportView } from '../../src/sync/render-report.ts'

const present: Detected = {
  status: 'present',
  path: '/usr/bin/git',
  version: '2.39.5',
  evidence: 'path',
  reason: null,
  checked_at: '2026-11-23T08:00:00.000Z',
}
const absent: Detected = {
  ...present,
  status: 'absent',
  path: null,
  version: null,
  reason: 'jq\u001b[31m is away',
}

const report: SyncReport = {
  home: '/home/a/registries',
  started_at: '2026-11-23T08:00:00.000Z',
  duration_ms: 150,
  registries: byRegistry(() => ({ status: 'ok', source: 'file', entries: 1, duration_ms: 1, warnings: [] })),
  changes: [],
  incompatible: [],
  detections: { tools: { git: present, jq: absent }, ml_frameworks: {}, microservices: {}, providers: {} },
}

async function render(view: Partial<SyncReportView>, width?: number): Promise<string> {
  const style = await createStyle({ stream: { isTerminal: false }, env: {}, color: false })
  const toolGroups = [
    { category: 'vcs', ids: ['git'] },
    { category: 'runtime', ids: ['jq'] },
  ]
  return renderSyncReport({ report, toolGroups, isWritten: true, isFirst: false, ...view }, { style, width })
}

describe('renderSyncReport', () => {
  it('groups tools by category, and shows why something is not here', async () => {
    expect(await render({})).toBe(
      [
        'tools    id   status   version  where or why not',
        'vcs      git  present  2.39.5   /usr/bin/git',
        'runtime  jq   absent   –        jq\\x1b[31m is away',
        '',
        'Nothing has changed since the last sync.',
        '',
        '1 of 2 entries present, checked in 150 ms',
        'written to /home/a/registries',
      ].join('\n'),
    )
  })

  const service = (status: ServiceDetected['status'], wasUp = false): ServiceDetected => ({
    status,
    latency_ms: null,
    ...(wasUp && { last_up_at: present.checked_at }),
    reason: null,
    checked_at: present.checked_at,
  })
  const provider = (status: ProviderDetected['status'], reachable: boolean | null): ProviderDetected => ({
    ...service('up'),
    status,
    key_env: null,
    reachable,
  })
  const withPeers = (peers: Partial<SyncReport['detections']>) => ({
    report: { ...report, detections: { ...report.detections, ...peers } },
  })
  const many = Array.from({ length: 11 }, (_, index) => [`s${index}`, service('up')])

  const sentences: [what: string, view: Partial<SyncReportView>, sentence: RegExp][] = [
    [
      'which services are up',
      withPeers({ microservices: { a: service('up'), b: service('down', true), c: service('unknown') } }),
      /^1 of 3 services up \(a\); 1 down \(b\); 1 unknown \(c\)$/m,
    ],
    [
      'that services were never up here, as no problem',
      withPeers({ microservices: { a: service('down'), b: service('down') } }),
      /^2 services of the platform not set up$/m,
    ],
    [
      'how many there are when they are many',
      withPeers({ microservices: Object.fromEntries(many) }),
      /^11 of 11 services up \(s0, .*, s7 and 3 more\)$/m,
    ],
    [
      'which providers can be used',
      withPeers({ providers: { a: provider('configured', null), b: provider('unconfigured', null) } }),
      /^1 of 2 providers configured \(a\)$/m,
    ],
    [
      'which of those that were asked answer',
      withPeers({ providers: { a: provider('configured', true), b: provider('unconfigured', false) } }),
      /^1 of 2 providers configured \(a\); 1 of 2 queried are reachable; not reachable \(b\)$/m,
    ],
    ['that it is the first', { isFirst: true }, /first sync here/],
    ['that it wrote nothing', { isWritten: false }, /nothing was written to \/home\/a\/registries/],
    [
      'what has changed',
      { report: { ...report, changes: [{ ref: 'tools/git', field: 'version', from: null, to: '2.39.5' }] } },
      /tools\/git +version +– +2\.39\.5/,
    ],
    [
      'what took how long',
      {
        report: { ...report, timings: [{ ref: 'tools/git', probe: 'path', duration_ms: 12, cached: true }] },
      },
      /12 ms +tools\/git +path +a cache/,
    ],
    [
      'which interpreter was asked',
      {
        report: {
          ...report,
          detections: {
            tools: {},
            ml_frameworks: {
              torch: { ...present, details: { interpreter: '/opt/python', python_version: '3.11.7' } },
            },
            microservices: {},
            providers: {},
          },
        },
      },
      /ML frameworks in \/opt\/python \(Python 3\.11\.7\)/,
    ],
  ]
  it.each(sentences)('says %s', async (_, view, sentence) => {
    expect(await render(view)).toMatch(sentence)
  })

  const upstream = {
    url: 'https://up.example/models.json',
    created: ['a', 'b'],
    updated: ['c'],
    removed: [],
    quarantined: ['d'],
    health: 'fresh',
    age_seconds: 0,
    error: null,
  } as const
  const polled = { status: 'ok', source: 'remote', entries: 4, duration_ms: 9, warnings: [] } as const
  const failed = {
    ...upstream,
    created: [],
    updated: [],
    quarantined: [],
    error: 'nothing listens\u001b[2J there',
  }

  it('shows how upstreams were, and nothing of detections when there were none', async () => {
    const registries = {
      ...report.registries,
      models: { ...polled, upstream },
      providers: { ...polled, status: 'stale', source: 'cache', upstream: failed } as const,
    }
    const detections = { tools: {}, ml_frameworks: {}, microservices: {}, providers: {} }
    expect(await render({ report: { ...report, registries, detections }, toolGroups: [] })).toBe(
      [
        'upstream   status  entries  changed                     where or why not',
        'providers  stale   4        –                           nothing listens\\x1b[2J there',
        'models     ok      4        2 new, 1 changed, 1 broken  https://up.example/models.json',
        '',
        'synced in 150 ms',
        'written to /home/a/registries',
      ].join('\n'),
    )
  })

  it('keeps tables within the terminal', async () => {
    const lines = (await render({}, 40)).split('\n').slice(0, 3)
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(40)
  })
})
