import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalizePythonVersion } from '../../src/detection/python/python-probe.ts'

// PEP 440, "Normalization" and "Local version identifiers".
test.each([
  ['2.4.1', '2.4.1'],
  ['2.4.1+cu121', '2.4.1'],
  ['v1.0', '1.0'],
  ['1.1RC1', '1.1rc1'],
  ['1.1-alpha_1', '1.1a1'],
  ['1.1.c2', '1.1rc2'],
  ['1.2a', '1.2a0'],
  ['1.0-1', '1.0.post1'],
  ['1.0-r4', '1.0.post4'],
  ['1.2.DEV3', '1.2.dev3'],
  ['2.6.0.dev20241012+cu124', '2.6.0.dev20241012'],
  ['1!2.0', '1!2.0'],
  ['00.01.002', '0.1.2'],
  [' 1.0 \n', '1.0'],
  ['unknown', null],
  ['', null],
  ['1.0 (built today)', null],
])('%j is the version %j', (raw, version) => {
  expect(normalizePythonVersion(raw)).toBe(version)
})

test('any text gives null or a version that is its own normal form', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.abcrvpostdev+_!-]{0,40}$/)), text => {
      const version = normalizePythonVersion(text)
      return version === null || normalizePythonVersion(version) === version
    }),
  )
})
