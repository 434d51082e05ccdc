import { describe, expect, it } from 'vitest'
import type { Detected } from '../../src/registry/schema/detected.ts'
import { changesOf } from '../../src/sync/report.ts'

const here: Detected = {
  status: 'present',
  path: '/usr/bin/git',
  version: '2.39.5',
  evidence: 'path',
  reason: null,
  checked_at: '2026-11-23T08:00:00.000Z',
}
const gone: Detected = {
  ...here,
  status: 'absent',
  path: null,
  version: null,
  evidence: null,
  reason: 'Not on PATH',
}

describe('changesOf', () => {
  const cases: [
    what: string,
    before: Detected | undefined,
    after: Detected,
    changes: [string, unknown, unknown][],
  ][] = [
    ['nothing when only the time differs', here, { ...here, checked_at: '2026-11-23T09:00:00.000Z' }, []],
    ['a new version', here, { ...here, version: '2.40.0' }, [['version', '2.39.5', '2.40.0']]],
    ['a new place', here, { ...here, path: '/opt/git' }, [['path', '/usr/bin/git', '/opt/git']]],
    [
      'what is gone, with all that is gone with it',
      here,
      gone,
      [
        ['status', 'present', 'absent'],
        ['version', '2.39.5', null],
        ['path', '/usr/bin/git', null],
      ],
    ],
    ['what was never looked for, from null', undefined, gone, [['status', null, 'absent']]],
    ['nothing when the version could not be read this time', here, { ...here, version: null }, []],
  ]
  it.each(cases)('tells %s', (_, before, after, changes) => {
    expect(changesOf('tools/git', before, after).map(({ field, from, to }) => [field, from, to])).toEqual(
      changes,
    )
  })
})
