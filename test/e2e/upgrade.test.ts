import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { shippedMarkName } from '../../src/registry/lock/lock-state.ts'
import { registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import { parseHistory } from '../../src/upgrade/history.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { collect, startProgram } from '../support/processes/run-program.ts'
import { rounds } from '../support/stress.ts'
import { temporaryDirectory } from '../support/test-host.ts'

/** A user whose default home was made by a version of the program that shipped other tools. */
async function createOldUser() {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, '.local/share/nexus-registry')
  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    runInProcess(args, { directory, env: { PATH: '/nowhere', ...env } })
  await run(['sync', '--quick'])
  const fileOf = (name: string) => nodePath.join(home, name)
  const read = async (name: string) => JSON.parse(await readFile(fileOf(name), 'utf8'))
  /** Takes a tool away, changes two, and edits one of these: as if the program had shipped that before. */
  const growOld = async () => {
    const { git: _, ...tools } = await read('tool_registry.json')
    const old = Object.fromEntries(
      Object.entries(tools).map(([id, entry]) => [id, { ...Object(entry), detected: undefined }]),
    )
    old.docker = { ...old.docker, display_name: 'Old Docker' }
    old.podman = { ...old.podman, display_name: 'Old Podman' }
    const edited = { ...old, podman: { ...old.podman, description: 'Mine' } }
    await writeFile(fileOf('tool_registry.json'), JSON.stringify(edited, null, 2))
    const mark = await read(shippedMarkName)
    const content = JSON.stringify(old)
    mark.files.tools = createHash('sha256').update(content).digest('hex')
    const aged = {
      ...mark,
      version: '0.0.9',
      data: 'older',
      contents: { ...mark.contents, tools: JSON.parse(content) },
    }
    await writeFile(fileOf(shippedMarkName), JSON.stringify(aged))
  }
  return { directory, home, run, read, growOld }
}

test('the first sync after an update takes what is new, and says so; edits wait for upgrade', async () => {
  const { run, read, growOld } = await createOldUser()
  await growOld()
  expect((await run(['status'])).stdout).toContain('newer shipped data is available: 1 entry to add, ')
  expect((await run(['doctor'])).stdout).toContain('newer shipped data is available: 1 entry to add, ')
  expect((await run(['env'])).stderr).toBe('')
  expect(await read('tool_registry.json')).not.toHaveProperty('git')

  const { stderr } = await run(['sync', '--quick'])
  expect(stderr).toMatch(
    /^Took newer shipped data \(0\.0\.9 → .*\): 1 entry added, .*1 with your edits left: nexus-registry upgrade$/m,
  )
  const tools = await read('tool_registry.json')
  expect(tools).toMatchObject({ git: { detected: {} }, podman: { display_name: 'Old Podman' } })
  expect(tools.docker.display_name).not.toBe('Old Docker')
  expect((await run(['sync', '--quick'])).stderr).toBe('')

  const synced = await read('tool_registry.json')
  const asked = await run(['upgrade'])
  expect(asked).toMatchObject({ code: 2, stdout: expect.stringContaining('tools/podman') })
  expect(asked.stderr).toContain('Nothing was changed: add --yes')
  expect(await read('tool_registry.json')).toEqual(synced)
  const done = await run(['upgrade', '--yes', '--json'])
  expect(JSON.parse(done.stdout)).toMatchObject({
    updated: [{ ref: 'tools/podman', fields: ['display_name'] }],
    conflicts: [],
  })
  expect((await read('tool_registry.json')).podman).toMatchObject({ description: 'Mine' })
  expect(JSON.parse((await run(['status', '--json'])).stdout).upgrade).toBeNull()
})

test('a home that was named, and one whose user wants it so, are upgraded by upgrade alone', async () => {
  const { directory, home, run, read, growOld } = await createOldUser()
  await growOld()
  expect((await run(['sync', '--quick'], { NEXUS_REGISTRY_HOME: home })).stderr).not.toContain('Took')
  const config = nodePath.join(directory, '.config/nexus-registry')
  await mkdir(config, { recursive: true })
  await writeFile(nodePath.join(config, 'config.yaml'), 'upgrade: manual\n')
  expect((await run(['sync', '--quick'])).stderr).not.toContain('Took')
  expect(await read('tool_registry.json')).not.toHaveProperty('git')
  expect(await run(['upgrade', '--dry-run'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('tools/git'),
  })
  expect(await run(['upgrade', '--yes'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Upgraded'),
  })
  expect(await read('tool_registry.json')).toHaveProperty('git')
  expect(await run(['upgrade'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Nothing to upgrade'),
  })
})

test.each([
  [['sync', '--watch', '--log-format', 'json']],
  [['serve', '--port', '0', '--log-format', 'json']],
])('%j takes what is new when it starts, and logs it', async args => {
  const { directory, read, growOld } = await createOldUser()
  await growOld()
  const child = startProgram(args, { directory, env: { PATH: '/nowhere' } })
  const logged = await vi.waitUntil(listenTo(child), { timeout: 60_000 })
  child.kill('SIGTERM')
  await collect(child)
  expect(logged).toMatchObject({ from: '0.0.9', created: 1, waiting: 1 })
  expect(await read('tool_registry.json')).toHaveProperty('git')
})

/** Reads the log of a process. Calls give its event `upgraded` once it was there. */
function listenTo({ stderr }: ChildProcess): () => unknown {
  let text = ''
  stderr?.on('data', chunk => {
    text += chunk
  })
  return () => {
    const line = text.split('\n').find(each => each.includes('"event":"upgraded"') && each.endsWith('}'))
    return line === undefined ? undefined : JSON.parse(line)
  }
}

/** A home as version 0.1.0 shipped it. */
async function writeFirstHome(): Promise<string> {
  const history = parseHistory(await readFile('registries/history.json', 'utf8'))
  const first = history?.versions.find(({ version }) => version === '0.1.0')
  const home = await temporaryDirectory()
  for (const name of registryNames) {
    const content = history?.contents.get(first?.files[name] ?? '')
    await writeFile(nodePath.join(home, registryFiles[name]), `${JSON.stringify(content, null, 2)}\n`)
  }
  return home
}

function readHome(home: string): Promise<string[]> {
  return Promise.all(registryNames.map(name => readFile(nodePath.join(home, registryFiles[name]), 'utf8')))
}

test('killed at random moments, an upgrade leaves all files old or all new, and the next one completes it', {
  timeout: 900_000,
}, async () => {
  const directory = await temporaryDirectory()
  const options = { directory, env: { PATH: '/nowhere' } }
  const old = await readHome(await writeFirstHome())
  const whole = await writeFirstHome()
  const started = performance.now()
  expect(await runInProcess(['upgrade', '--yes', '--home', whole], options)).toMatchObject({ code: 0 })
  const took = performance.now() - started
  const upgraded = await readHome(whole)
  expect(upgraded.filter((text, index) => text !== old[index]).length).toBeGreaterThan(3)
  for (let round = 0; round < rounds(40, 4); round++) {
    const home = await writeFirstHome()
    const child = startProgram(['upgrade', '--yes', '--home', home], options)
    await delay(Math.random() * took)
    child.kill('SIGKILL')
    await collect(child)
    // Any next command finishes or takes back what was begun.
    await runInProcess(['list', '--home', home], options)
    const left = await readHome(home)
    expect([old, upgraded]).toContainEqual(left)
    expect(await runInProcess(['upgrade', '--yes', '--home', home], options)).toMatchObject({ code: 0 })
    expect(await readHome(home)).toEqual(upgraded)
  }
})
