import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { isPlain } from '../../src/cli/options.ts'

const options = { home: undefined, config: undefined }

test.each([
  ['without anything', {}, true],
  ['with an absolute NEXUS_REGISTRY_HOME', { NEXUS_REGISTRY_HOME: '/home' }, true],
  ['not with a relative one', { NEXUS_REGISTRY_HOME: 'home' }, false],
  ['with an empty one', { NEXUS_REGISTRY_HOME: '' }, true],
  ['with an interpreter of PATH', { NEXUS_REGISTRY_PYTHON: 'python3.13' }, true],
  ['with an absolute interpreter', { NEXUS_REGISTRY_PYTHON: '/bin/python' }, true],
  ['not with a relative one', { NEXUS_REGISTRY_PYTHON: './python' }, false],
  ['with absolute kubeconfigs, and an empty one', { KUBECONFIG: '/a::/b' }, true],
  ['not when one of them is relative', { KUBECONFIG: '/a:b' }, false],
  ['with relative directories on PATH, which are never searched', { PATH: 'bin:/bin' }, true],
])('a call asks what any shell asks %s', (_, env: Record<string, string>, expected) => {
  const host = { env, path: nodePath.posix }
  expect(isPlain({ globals: options, configNotes: [], host })).toBe(expected)
})

test.each([
  ['--home', { ...options, home: '/home' }, []],
  ['--config', { ...options, config: '/config' }, []],
  ['something to say about the configuration', options, ['"hom" is not a setting']],
])('and not with %s', (_, globals, configNotes) => {
  expect(isPlain({ globals, configNotes, host: { env: {}, path: nodePath.posix } })).toBe(false)
})
