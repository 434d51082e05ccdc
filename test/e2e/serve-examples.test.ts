import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { serveProgram } from '../support/servers/served-program.ts'

/** A server, and how its user runs a command of the specification: with the address for its `...`. */
async function createUser() {
  const served = await serveProgram()
  const { directory } = served.options
  // curl reads what it always sends from there: the commands stay as they are written.
  const header = `header = "Authorization: Bearer ${await served.token('admin')}"\n`
  await writeFile(nodePath.join(directory, '.curlrc'), header, { mode: 0o600 })
  const run = (command: string): unknown => {
    const written = command.replace('...', `${served.url}/registries`)
    const env = { PATH: process.env.PATH, HOME: directory }
    const args = ['-o', 'pipefail', '-c', written]
    return JSON.parse(execFileSync('bash', args, { env, stdio: ['ignore', 'pipe', 'ignore'] }).toString())
  }
  return { url: served.url, run }
}

const examples: readonly (readonly [string, string, unknown])[] = [
  [
    'all GPU-related tools',
    `curl .../dashboard_registry.json | jq '.sections.tools.entries | map(select(.category=="compute"))'`,
    expect.arrayContaining([expect.objectContaining({ display_name: 'GPU Acceleration' })]),
  ],
  [
    'provider cards',
    `curl .../dashboard_registry.json | jq '.sections.providers.entries | map(select(.ui_component=="provider_card"))'`,
    expect.objectContaining({ length: 30 }),
  ],
  [
    'system metrics',
    `curl .../dashboard_registry.json | jq '.sections.metrics.system'`,
    expect.objectContaining({ cpu_usage: expect.objectContaining({ unit: '%' }) }),
  ],
  [
    'whether sub-registries are synced',
    `curl .../hyper_registry.json | jq '.sub_registries | map({name: .key, sync_enabled: .value.sync_enabled})'`,
    // What jq makes of it: `map` sees values only.
    Array.from({ length: 7 }, () => ({ name: null, sync_enabled: null })),
  ],
  [
    'edges',
    `curl .../hyper_registry.json | jq '.dependency_graph.edges | map(select(.type=="requires"))'`,
    expect.arrayContaining([{ from: 'nexus_hyper_core', to: 'api_manager', type: 'requires' }]),
  ],
  [
    'access control',
    `curl .../hyper_registry.json | jq '.access_control'`,
    expect.objectContaining({ hyper_registry: { read: 'admin', write: 'orchestrator', admin: 'admin' } }),
  ],
]

test("the specification's examples work as they are written", async () => {
  const { run } = await createUser()
  for (const [what, command, expected] of examples) expect(run(command), what).toEqual(expected)
})

test('a filter means to the server what it means to jq', async () => {
  const { url, run } = await createUser()
  const filter = '.sections.tools.entries | map(select(.category=="compute")) | length'
  expect(run(`curl -sG ${url}/query/dashboard --data-urlencode 'filter=${filter}'`)).toEqual(
    run(`curl -s .../dashboard_registry.json | jq '${filter}'`),
  )
})
