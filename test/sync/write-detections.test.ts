import { describe, expect, it } from 'vitest'
import { writeDetections } from '../../src/features/sync/write-detections.ts'
import type { Detected } from '../../src/schema/detected.ts'

const at = (checked_at: string): Detected => ({
  status: 'absent',
  path: null,
  version: null,
  evidence: null,
  reason: 'git was not found on PATH',
  checked_at,
})
const early = at('2026-11-23T08:00:00.000Z')
const late = at('2026-11-23T09:00:00.000Z')

describe('writeDetections', () => {
  it('changes nothing but detected', () => {
    const before = '{\n  "git": {\n    "x-mine": [1,2],\n    "detection": "which git"\n  },\n  "b": {}\n}\n'
    const after = writeDetections(before, { git: early })
    expect(
      after.startsWith(
        '{\n  "git": {\n    "x-mine": [1,2],\n    "detection": "which git",\n    "detected": {',
      ),
    ).toBe(true)
    expect(after.endsWith('\n    }\n  },\n  "b": {}\n}\n')).toBe(true)
  })

  it('changes only the time when nothing new was found', () => {
    const first = writeDetections('{\n  "git": {}\n}\n', { git: early })
    expect(writeDetections(first, { git: late })).toBe(first.replace(early.checked_at, late.checked_at))
  })

  it('keeps what another sync has found later', () => {
    const text = writeDetections('{"git": {}}', { git: late })
    expect(writeDetections(text, { git: early })).toBe(text)
  })

  it('leaves out entries that are gone, and a file that is broken meanwhile', () => {
    expect(writeDetections('{"b": {}}', { git: early })).toBe('{"b": {}}')
    expect(writeDetections('{"git": ', { git: early })).toBe('{"git": ')
  })
})
