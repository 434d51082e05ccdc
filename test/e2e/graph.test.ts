import { readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseXml } from '../support/parse-xml.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const shipped = nodePath.resolve('registries')

async function graph(...args: string[]) {
  return runInProcess(['graph', '--home', shipped, ...args], { directory: await temporaryDirectory() })
}

/** A home with other edges than the shipped ones. */
async function homeWith(edges: readonly (readonly [from: string, to: string])[]) {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, 'home')
  await runInProcess(['init', home], { directory })
  const file = nodePath.join(home, 'hyper_registry.json')
  const hyper = JSON.parse(await readFile(file, 'utf8'))
  hyper.dependency_graph.edges.push(...edges.map(([from, to]) => ({ from, to, type: 'requires' })))
  await writeFile(file, JSON.stringify(hyper))
  return { directory, home, file }
}

describe('graph', () => {
  const rows: [what: string, args: string[], code: number, stdout: RegExp, stderr: RegExp][] = [
    ['shows everything', [], 0, /^nexus_hyper_core \(.*\n├─ api_manager/, /--all/],
    ['begins at an id', ['aefa'], 0, /^aefa \(Fuses/, /^$/],
    ['begins at an alias of a registry', ['tool_registry.json'], 0, /^ansible \(/, /^$/],
    [
      'goes so many steps',
      ['nexus_hyper_core', '--depth', '1'],
      0,
      /^nexus.*\n├─ .*\n├─ .*\n└─ [^\n]*\n$/,
      /--all/,
    ],
    [
      'goes the other way',
      ['tools/nodejs', '--reverse'],
      0,
      /^nodejs [\s\S]*\n└─ nexus_registry_plugin/,
      /^$/,
    ],
    ['knows that as dependents', ['tools/nodejs', '--dependents'], 0, /nexus_registry_hook_zsh/, /^$/],
    [
      'says why',
      ['--why', 'nexus_hyper_core', 'aefa'],
      0,
      /^nexus_hyper_core.*\n└─ requires nexus_llm_router/,
      /^$/,
    ],
    ['says why by an argument', ['nexus_hyper_core', '--why', 'aefa'], 0, /requires aefa/, /^$/],
    [
      'tells all ways',
      ['--why', 'nexus_hyper_core', 'aefa', '--all'],
      0,
      /(?:^nexus_hyper_core[\s\S]*){2}/m,
      /^$/,
    ],
    ['says when there is no way', ['--why', 'aefa', 'nexus_hyper_core'], 1, /^$/, /opposite is true/],
    ['turns nothing round', ['--dependents'], 2, /^$/, /--dependents requires a ref/],
    ['turns no way round', ['--why', 'aefa', 'jq', '--reverse'], 2, /^$/, /--reverse requires a ref/],
    ['looks for cycles everywhere', ['aefa', '--cycles'], 2, /^$/, /--cycles covers the whole graph/],
    ['finds no cycle', ['--cycles'], 0, /^$/, /No dependency cycles/],
    [
      'keeps to some types',
      ['nexus_dashboard', '--type', 'references'],
      0,
      /^nexus_dashboard.*\n└─ dashboard_registry.*\n$/,
      /^/,
    ],
    ['writes DOT', ['aefa', '--format', 'dot'], 0, /^digraph nexus \{[\s\S]*\n\}\n$/, /^$/],
    ['writes Mermaid', ['aefa', '--format', 'mermaid'], 0, /^flowchart LR\n/, /^$/],
    [
      'refuses a ref that nothing has',
      ['modles/gpt-4o'],
      2,
      /^$/,
      /nothing is called "modles\/gpt-4o"\nhint: Did you mean models\/gpt-4o/,
    ],
    ['refuses a format that is none', ['--format', 'png'], 2, /^$/, /there is no format "png"\nhint: .*svg/],
    ['refuses a type that is none', ['--type', 'require'], 2, /^$/, /Did you mean "requires"/],
    ['refuses a depth that is none', ['--depth', '0'], 2, /^$/, /whole number/],
    ['refuses half a question', ['--why', 'aefa'], 2, /^$/, /requires two refs/],
    ['refuses ends that are none', ['--why', 'aefa', 'aeffa'], 2, /^$/, /Did you mean aefa/],
  ]
  test.each(rows)('%s', async (_, args, code, stdout, stderr) => {
    const run = await graph(...args)
    expect(run.stdout).toMatch(stdout)
    expect(run.stderr).toMatch(stderr)
    expect(run.code).toBe(code)
  })

  test('prints the whole graph as data, in whichever way it is asked for', async () => {
    const [json, format] = [await graph('--json'), await graph('--format', 'json')]
    expect(json).toEqual(format)
    const { nodes, edges } = JSON.parse(json.stdout)
    expect(nodes.length).toBeGreaterThan(100)
    expect(edges).toContainEqual({ from: 'models/gpt-4o', to: 'providers/openai', type: 'requires' })
    expect(nodes).toContainEqual({ id: 'tools/jq', kind: 'tool', label: 'jq', status: null })
  })

  test('prints ways and cycles as data', async () => {
    const { stdout } = await graph('--why', 'nexus_llm_router', 'aefa', '--json')
    expect(JSON.parse(stdout).paths[0]).toHaveLength(2)
    expect(JSON.parse((await graph('--cycles', '--json')).stdout)).toEqual({ cycles: [] })
  })

  test('draws without Graphviz', async () => {
    const run = await graph('--format', 'svg')
    expect(run.code).toBe(0)
    expect(parseXml(run.stdout.trim())[0]).toMatchObject({ name: 'svg' })
  })

  test('finds a cycle, as validate does, and never walks it for ever', async () => {
    const { directory, home } = await homeWith([['aefa', 'nexus_hyper_core']])
    const run = await runInProcess(['graph', '--home', home, '--cycles'], { directory })
    expect(run.code).toBe(1)
    expect(run.stdout).toMatch(/↺ closes a cycle\n$/)
    const drawn = await runInProcess(['graph', '--home', home, 'nexus_hyper_core'], { directory })
    expect(drawn).toMatchObject({ code: 0, stdout: expect.stringContaining('↺') })
    expect((await runInProcess(['validate', home], { directory })).stdout).toContain('dependency-cycle')
  })

  test('answers from what is sound, and says what is not', async () => {
    const { directory, home, file } = await homeWith([])
    const tools = nodePath.join(home, 'tool_registry.json')
    await writeFile(tools, (await readFile(tools, 'utf8')).replace('"NEXUS_HAS_JQ"', '"PATH"'))
    const run = await runInProcess(['graph', '--home', home, '--json'], { directory })
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('tool_registry.json:') })
    expect(JSON.parse(run.stdout).edges).toContainEqual({
      from: 'plugins/nexus_dashboard',
      to: 'tools/jq',
      type: 'requires',
    })
    await writeFile(file, '{')
    expect((await runInProcess(['graph', '--home', home], { directory })).code).toBe(1)
  })

  test('draws a chain that is deeper than any stack', async () => {
    const edges = Array.from({ length: 20_000 }, (_, place) => [`n${place}`, `n${place + 1}`] as const)
    const { directory, home } = await homeWith([['aefa', 'n0'], ...edges])
    const run = await runInProcess(['graph', '--home', home, 'aefa'], { directory })
    expect(run.stdout).toMatch(/… there is more below\n$/)
    const picture = await runInProcess(['graph', '--home', home, 'aefa', '--format', 'svg'], { directory })
    expect(picture).toMatchObject({ code: 2, stderr: expect.stringContaining('too many for a diagram') })
  })

  test('colours by what is ready here', async () => {
    const run = await graph('nexus_registry_hook_zsh', '--status')
    expect(run.stdout).toMatch(/^[✓✗○?] nexus_registry_hook_zsh/)
    const colours = await runInProcess(['graph', '--home', shipped, 'tools/git', '--status'], {
      directory: await temporaryDirectory(),
      env: { FORCE_COLOR: '1' },
    })
    expect(colours.stdout).toContain('\x1b[3')
  })
})

test('a configuration says how a graph is shown, and flags say it otherwise', async () => {
  const directory = await temporaryDirectory()
  await writeFile(nodePath.join(directory, '.nexus-registryrc'), 'graph: {format: dot, depth: 1}')
  const countEdges = async (...args: string[]) => {
    const { stdout } = await runInProcess(['graph', 'nexus_hyper_core', ...args], { directory })
    expect(stdout).toMatch(/^digraph/)
    return stdout.split(' -> ').length - 1
  }
  const near = await countEdges()
  expect(await countEdges('--depth', '2')).toBeGreaterThan(near)
  expect(await countEdges('--all')).toBeGreaterThan(near)
  expect((await runInProcess(['graph', 'aefa', '--json'], { directory })).stdout).toMatch(/^\{/)
})
