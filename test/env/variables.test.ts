import { describe, expect, it } from 'vitest'
import { findTooOld, toVariables, variableNames } from '../../src/env/variables.ts'
import type { Ref } from '../../src/registry/refs.ts'
import type { Detected } from '../../src/registry/schema/detected.ts'
import type { MlFramework } from '../../src/registry/schema/ml-framework.ts'
import type { Tool } from '../../src/registry/schema/tool.ts'

const docker: Tool = { detection: 'which docker', env_var: 'NEXUS_HAS_DOCKER' }
const gpu: Tool = {
  detection: 'nvidia-smi',
  env_var: 'NEXUS_HAS_GPU',
  companion_vars: { type: 'NEXUS_GPU_TYPE', count: 'NEXUS_GPU_COUNT' },
}
const pytorch: MlFramework = {
  import_name: 'torch',
  detection: "python -c 'import torch'",
  env_var: 'NEXUS_HAS_PYTORCH',
}

const statuses = [
  ['present', '1'],
  ['absent', '0'],
  ['broken', '0'],
  ['unknown', '0'],
] as const

describe('NEXUS_HAS_X', () => {
  it.each(statuses)('%s is %s', async (status, value) => {
    expect(await variablesOf({ tools: { docker } }, { 'tools/docker': { status } })).toStrictEqual({
      NEXUS_HAS_DOCKER: value,
    })
  })

  it('is 0 when nothing was detected', async () => {
    expect(await variablesOf({ tools: { docker } }, {})).toStrictEqual({ NEXUS_HAS_DOCKER: '0' })
  })

  const minimums = [
    ['reaches', '25.0.0', '1'],
    ['is above', '28.2.2', '1'],
    ['is below', '24.9', '0'],
    ['is a pre-release of', '25.0.0-rc.1', '0'],
    ['cannot be compared with', null, '0'],
  ] as const
  it.each(minimums)('for a version that %s min_version: %s is %s', async (_, version, value) => {
    const tools = { docker: { ...docker, min_version: '25.0' } }
    const found = { 'tools/docker': { status: 'present', version } } as const
    expect(await variablesOf({ tools }, found)).toStrictEqual({ NEXUS_HAS_DOCKER: value })
  })

  it('respects min_version of a framework', async () => {
    const frameworks = { pytorch: { ...pytorch, min_version: '2.5' } }
    const found = { 'ml_frameworks/pytorch': { status: 'present', version: '2.4.1+cu121' } } as const
    expect(await variablesOf({ frameworks }, found)).toStrictEqual({ NEXUS_HAS_PYTORCH: '0' })
  })
})

describe('companions', () => {
  const facts = [
    ['are set to the facts', { type: 'nvidia', count: 2 }, { type: 'nvidia', count: '2' }],
    ['are unset when nothing is known', undefined, {}],
    ['are set one by one', { type: 'amd' }, { type: 'amd' }],
    ['keep a count of zero', { count: 0 }, { count: '0' }],
    ['are unset for an empty text', { type: '' }, {}],
    ['are unset for a text with a NUL', { type: 'a\0b' }, {}],
    ['are unset for what is no text or number', { type: ['nvidia'], count: Number.NaN }, {}],
  ] as const
  it.each(facts)('%s', async (_, details, { type, count }: { type?: string; count?: string }) => {
    const found = { 'tools/gpu': { status: 'present', ...(details ? { details } : {}) } } as const
    expect(await variablesOf({ tools: { gpu } }, found)).toStrictEqual({
      NEXUS_GPU_COUNT: count,
      NEXUS_GPU_TYPE: type,
      NEXUS_HAS_GPU: '1',
    })
  })
})

describe('variables cached for the same cache key', () => {
  const previous = [
    { name: 'NEXUS_HAS_GPU', value: '1' },
    { name: 'NEXUS_GPU_TYPE', value: 'nvidia' },
    { name: 'NEXUS_GPU_COUNT', value: '4' },
  ]
  const rows = [
    ['replace what is unknown now', { status: 'unknown' }, ['4', 'nvidia', '1']],
    ['do not replace a fact', { status: 'unknown', details: { count: 2 } }, ['2', 'nvidia', '1']],
    ['do not replace absence', { status: 'absent' }, [undefined, undefined, '0']],
    ['do not replace a broken tool', { status: 'broken' }, [undefined, undefined, '0']],
  ] as const
  it.each(rows)('%s', async (_, found, values) => {
    const findings = toFindings({ tools: { gpu } }, { 'tools/gpu': found })
    const { variables } = toVariables(findings, previous)
    expect(variables.map(({ value }) => value)).toEqual(values)
  })
})

describe('the list', () => {
  it('is sorted by name, tools and frameworks together', async () => {
    const names = Object.keys(await variablesOf({ tools: { gpu, docker }, frameworks: { pytorch } }, {}))
    expect(names).toEqual([
      'NEXUS_GPU_COUNT',
      'NEXUS_GPU_TYPE',
      'NEXUS_HAS_DOCKER',
      'NEXUS_HAS_GPU',
      'NEXUS_HAS_PYTORCH',
    ])
  })

  it('takes the first of two entries with one variable, and adds a note', () => {
    const tools = { second: docker, first: docker }
    const findings = toFindings({ tools }, { 'tools/second': { status: 'present' } })
    const { variables, notes } = toVariables(findings)
    expect(variables).toEqual([{ name: 'NEXUS_HAS_DOCKER', value: '1' }])
    expect(notes).toEqual([
      'NEXUS_HAS_DOCKER is defined by tools/second and tools/first: tools/second decides',
    ])
  })

  it('takes a tool before a framework with the same variable', async () => {
    const frameworks = { pytorch: { ...pytorch, env_var: 'NEXUS_HAS_DOCKER' } }
    const found = { 'ml_frameworks/pytorch': { status: 'present' } } as const
    expect(await variablesOf({ tools: { docker }, frameworks }, found)).toStrictEqual({
      NEXUS_HAS_DOCKER: '0',
    })
  })

  const runtimeRows = [
    ['leaves the variable of a tool to it', {}, 'NEXUS_HAS_DOCKER_API', '1'],
    ['has the variable that it names', { env_var: 'NEXUS_HAS_SERVER' }, 'NEXUS_HAS_SERVER', '1'],
    ['of which nothing is known is not here', {}, 'NEXUS_HAS_DOCKER_API', '0', new Set(['docker'])],
  ] as const
  it.each(runtimeRows)(
    'a local runtime %s',
    (_, more, name, value, uncertain: ReadonlySet<string> = new Set()) => {
      const providers = { docker: { kind: 'local', ...more } } as const
      const findings = toFindings({ tools: { docker } }, {})
      const { variables, notes } = toVariables({
        ...findings,
        providers,
        configured: new Set(['docker']),
        uncertain,
      })
      expect(variables).toContainEqual({ name, value })
      expect(variables).toContainEqual({ name: 'NEXUS_HAS_DOCKER', value: '0' })
      expect(notes).toEqual([])
    },
  )

  it('keeps what was known of a local runtime that could not be checked', () => {
    const providers = { ollama: { kind: 'local' } } as const
    const findings = { ...toFindings({}, {}), providers, uncertain: new Set(['ollama']) }
    const { variables } = toVariables(findings, [{ name: 'NEXUS_HAS_OLLAMA', value: '1' }])
    expect(variables).toEqual([{ name: 'NEXUS_HAS_OLLAMA', value: '1' }])
  })

  it('has the names of all variables, known or not', () => {
    expect(
      variableNames({ tools: { gpu }, ml_frameworks: { pytorch }, providers: { 'open.ai': {} } }),
    ).toEqual([
      'NEXUS_GPU_COUNT',
      'NEXUS_GPU_TYPE',
      'NEXUS_HAS_GPU',
      'NEXUS_HAS_OPEN_AI',
      'NEXUS_HAS_PYTORCH',
    ])
  })
})

describe('a provider', () => {
  it('is 1 when it is configured, else 0', async () => {
    const providers = { one: {}, 'two-2.b': {}, three: { env_var: 'NEXUS_OWN' } }
    expect(await variablesOf({ providers, configured: ['one', 'three'] }, {})).toStrictEqual({
      NEXUS_HAS_ONE: '1',
      NEXUS_HAS_TWO_2_B: '0',
      NEXUS_OWN: '1',
    })
  })

  it('leaves a variable to the tool that has it already', () => {
    const findings = toFindings(
      { tools: { docker }, providers: { docker: {} }, configured: ['docker'] },
      { 'tools/docker': { status: 'absent' } },
    )
    const { variables, notes } = toVariables(findings)
    expect(variables).toEqual([{ name: 'NEXUS_HAS_DOCKER', value: '0' }])
    expect(notes).toEqual([expect.stringContaining('tools/docker decides')])
  })
})

interface Registries {
  tools?: Record<string, Tool>
  frameworks?: Record<string, MlFramework>
  providers?: Record<string, { env_var?: string }>
  /** Ids of the providers that have a credential. */
  configured?: readonly string[]
}

type Found = { [key in Ref]?: Partial<Detected> }

function toFindings(
  { tools = {}, frameworks = {}, providers = {}, configured = [] }: Registries,
  found: Found,
) {
  const detections = new Map(
    [...Object.keys(tools), ...Object.keys(frameworks)].flatMap(id =>
      ([`tools/${id}`, `ml_frameworks/${id}`] as const).flatMap(ref => {
        const detected = found[ref]
        return detected ? [[ref, toDetected(detected)] as const] : []
      }),
    ),
  )
  const others = { providers, configured: new Set(configured), tooOld: new Set<Ref>() }
  return { tools, ml_frameworks: frameworks, detections, ...others }
}

async function variablesOf(registries: Registries, found: Found) {
  const findings = toFindings(registries, found)
  const tooOld = await findTooOld(findings, findings.detections)
  const { variables } = toVariables({ ...findings, tooOld })
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]))
}

function toDetected(part: Partial<Detected>): Detected {
  return {
    status: 'present',
    path: null,
    version: null,
    evidence: null,
    reason: null,
    checked_at: '2026-11-23T08:42:55.000Z',
    ...part,
  }
}
