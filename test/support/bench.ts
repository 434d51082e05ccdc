import nodePath from 'node:path'
import type { ProbeContext } from '../../src/detection/probe.ts'
import { createProgramFinder } from '../../src/detection/programs/program-finder.ts'
import { createProbeContext } from './probe-context.ts'
import { writeScript } from './processes/script.ts'
import { createTestHost, type TestHost, temporaryDirectory } from './test-host.ts'

export interface Bench {
  /** The directory that is searched for programs. */
  readonly bin: string
  readonly host: TestHost
  readonly context: ProbeContext
  /** Puts a script where it is found; its every run leaves a line in NAME.log. */
  readonly install: (name: string, body: string) => Promise<string>
  /** A context of the next run: the same cache, another look at PATH. */
  readonly next: (overrides?: Partial<ProbeContext>) => Promise<ProbeContext>
}

/**
 * A host where programs are looked for in one directory alone (or in the `path` given), whatever this machine has.
 * What is run finds the system's programs too.
 */
export async function createBench(
  options: { env?: Record<string, string>; path?: readonly string[] } = {},
  overrides: Partial<ProbeContext> = {},
): Promise<Bench> {
  const bin = nodePath.join(await temporaryDirectory(), 'bin')
  const path = (options.path ?? [bin]).join(':')
  const host = await createTestHost({ env: { ...options.env, PATH: `${path}:/usr/bin:/bin` } })
  const next = (more: Partial<ProbeContext> = {}) => {
    const programs = createProgramFinder({ ...host, env: { ...host.env, PATH: path } })
    return createProbeContext(host, { programs, ...overrides, ...more })
  }
  const context = await next()
  return {
    bin,
    host,
    context,
    install: (name, body) => writeScript(nodePath.join(bin, name), `echo run >>"$0.log"\n${body}`),
    next: more => next({ cache: context.cache, ...more }),
  }
}
