import { createCommandRunner } from '../../src/detection/command-runner.ts'
import type { ProbeCache, ProbeContext, ProbeTarget } from '../../src/detection/probe.ts'
import { createProgramFinder } from '../../src/detection/programs/program-finder.ts'
import { limits } from '../../src/lib/limits.ts'
import { type TestHost, temporaryDirectory } from './test-host.ts'

/** What probes share, over a test's host: real processes, no limit on how many, a cache in memory. */
export async function createProbeContext(
  host: TestHost,
  overrides: Partial<ProbeContext> = {},
): Promise<ProbeContext> {
  return {
    host,
    mode: 'normal',
    programs: createProgramFinder(host),
    cache: createMemoryCache(),
    python: undefined,
    pythonModules: [],
    run: createCommandRunner(64, {
      ...host,
      fs: { ...host.fs, temporaryDirectory: await temporaryDirectory() },
    }).run,
    ...overrides,
  }
}

/** A cache that forgets everything when the test ends. */
export function createMemoryCache(): ProbeCache {
  const values = new Map<string, unknown>()
  const get = (key: string) => values.get(key)
  return { get, hint: get, set: (key, value) => values.set(key, value) }
}

/** A trusted target that is looked for on PATH, unless said otherwise. */
export function createTarget(overrides: Partial<ProbeTarget> = {}): ProbeTarget {
  return {
    ref: 'tools/example',
    id: 'example',
    kind: 'path',
    program: 'example',
    command: undefined,
    module: undefined,
    versionCheck: undefined,
    versionPattern: undefined,
    timeoutMs: limits.probeTimeoutMs,
    isTrusted: true,
    ...overrides,
  }
}
