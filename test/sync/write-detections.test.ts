import { describe, expect, it } from 'vitest'
import type { Detected } from '../../src/registry/schema/detected.ts'
import { writeDetections } from '../../src/sync/save-detections.ts'

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

const now = Date.parse('2026-11-23T10:00:00.000Z')

/** Writes what was found of the entries as they stand in `looked`, which is the text itself unless said otherwise. */
const write = (text: string, detections: Record<string, Detected>, looked = text) =>
  writeDetections(text, { detections, entries: JSON.parse(looked) }, now)

describe('writeDetections', () => {
  it('changes nothing but detected', () => {
    const before = '{\n  "git": {\n    "x-mine": [1,2],\n    "detection": "which git"\n  },\n  "b": {}\n}\n'
    const after = write(before, { git: early })
    expect(
      after.startsWith(
        '{\n  "git": {\n    "x-mine": [1,2],\n    "detection": "which git",\n    "detected": {',
      ),
    ).toBe(true)
    expect(after.endsWith('\n    }\n  },\n  "b": {}\n}\n')).toBe(true)
  })

  it('changes only the time when nothing new was found', () => {
    const first = write('{\n  "git": {}\n}\n', { git: early })
    expect(write(first, { git: late })).toBe(first.replace(early.checked_at, late.checked_at))
  })

  it('keeps what another sync has found later', () => {
    const text = write('{"git": {}}', { git: late })
    expect(write(text, { git: early })).toBe(text)
  })

  it('replaces what was looked for when the clock was ahead', () => {
    const text = write('{"git": {}}', { git: at('2099-01-01T00:00:00.000Z') })
    expect(write(text, { git: late })).toContain(late.checked_at)
  })

  it('leaves out entries that were changed meanwhile: the answer is to another question', () => {
    const changed = '{"git": {"detection": "which git2"}}'
    expect(write(changed, { git: early }, '{"git": {"detection": "which git"}}')).toBe(changed)
  })

  it('leaves out entries that are gone, and a file that is broken meanwhile', () => {
    expect(write('{"b": {}}', { git: early }, '{"git": {}}')).toBe('{"b": {}}')
    expect(write('{"git": ', { git: early }, '{"git": {}}')).toBe('{"git": ')
  })
})
