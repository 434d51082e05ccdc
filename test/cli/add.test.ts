import { readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { registryFiles } from '../../src/registry/schema/names.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { writeScript } from '../support/processes/script.ts'
import { systemPath } from '../support/shells/system-path.ts'
import { temporaryDirectory } from '../support/test-host.ts'

async function createUser() {
  const directory = await temporaryDirectory()
  const bin = nodePath.join(directory, 'bin')
  await writeScript(nodePath.join(bin, 'bun'), 'echo 1.2.3')
  const env = { PATH: `${bin}:${systemPath}` }
  const run = (...args: string[]) => runInProcess(args, { directory, env })
  await run('init')
  const file = (name: keyof typeof registryFiles) =>
    nodePath.join(directory, '.local/share/nexus-registry', registryFiles[name])
  return { directory, run, read: (name: keyof typeof registryFiles) => readFile(file(name), 'utf8') }
}

const bun = ['bun', '--detect', 'which bun', '--version-check', 'bun --version', '--category', 'runtime']

describe('add', () => {
  test('detects what it added, and exports it at once', async () => {
    const { run, read } = await createUser()
    const { code, stdout } = await run('add', 'tool', ...bun, '--yes', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      done: true,
      added: ['tools/bun'],
      present: [],
      files: expect.arrayContaining(['tool_registry.json', 'dashboard_registry.json', 'hyper_registry.json']),
      warnings: [],
      found: {
        'tools/bun': {
          status: 'present',
          version: '1.2.3',
          path: expect.stringMatching(/bin\/bun$/),
          reason: null,
        },
      },
      remaining: [],
    })
    expect(JSON.parse(await read('tools')).bun.detected).toMatchObject({ version: '1.2.3' })
    expect((await run('env')).stdout).toMatch(/NEXUS_HAS_BUN='1'/)
  })

  test('says what remains to be done by hand for a provider, with paths', async () => {
    const { run } = await createUser()
    const { code, stdout } = await run(
      ...['add', 'provider', 'acme', '--endpoint', 'https://api.acme.ai/v1/chat/completions'],
      ...['--key-env', 'ACME_API_KEY', '--model', 'acme-large=128000,streaming', '--yes'],
    )
    expect(code).toBe(0)
    expect(stdout).toMatch(/What remains to be done by hand:\n {2}1\. .*acme/s)
  })

  test('tries the source of a new metric once', async () => {
    const { run } = await createUser()
    const { code, stdout } = await run(
      ...['add', 'metric', 'queue_depth', '--service', 'orchestrator_metrics', '--path', '/stats'],
      ...['--pointer', '/depth', '--yes'],
    )
    expect(code).toBe(0)
    expect(stdout).toMatch(/queue_depth has no value yet: /)
  })

  test.each([
    [['tool', 'bun'], 'add tool: --detect, --category are missing'],
    [['tool'], 'add tool: ID, --detect, --category are missing'],
    [['provider', 'acme'], 'add provider: --endpoint'],
    [['model', 'x'], 'add model: --provider, --context'],
    [['edge', 'jq'], 'add edge: TO is missing'],
    [[], 'add: name what to add, or a kind and its id'],
  ])('%j without a terminal names what is missing', async (words, message) => {
    const { run } = await createUser()
    const { code, stderr } = await run('add', ...words)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })

  test('without --yes it shows the plan, and changes nothing', async () => {
    const { run, read } = await createUser()
    const before = await read('tools')
    const { code, stdout, stderr } = await run('add', 'tool', ...bun)
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'Nothing was changed: add --yes to do this\n' })
    expect(stdout).toContain('+ tools/bun (bun), NEXUS_HAS_BUN')
    expect(await read('tools')).toBe(before)
  })

  test('takes many from a file, all or nothing', async () => {
    const { directory, run, read } = await createUser()
    const file = nodePath.join(directory, 'team.yaml')
    await writeFile(
      file,
      'tools:\n  bun: { detection: which bun, category: runtime }\nedges:\n  - { from: api_manager, to: tools/bun, type: requires }\n',
    )
    expect((await run('add', '--from', file, '--yes')).code).toBe(0)
    expect(JSON.parse(await read('hyper')).dependency_graph.edges).toContainEqual({
      from: 'api_manager',
      to: 'tools/bun',
      type: 'requires',
    })
    const before = await read('tools')
    await writeFile(
      file,
      'tools:\n  deno: { detection: which deno, category: runtime }\n  bad: { detection: "a | b", category: runtime }\n',
    )
    const { code, stderr } = await run('add', '--from', file, '--yes')
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/team\.yaml:3:\d+: /) })
    expect(await read('tools')).toBe(before)
  })
})
