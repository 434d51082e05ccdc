import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Host } from '../../src/platform/host.ts'
import { type RegistryName, registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { runProgram } from '../support/processes/run-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

/** A user with a default home, and an editor that is a function of the draft's text. */
async function createUser() {
  const directory = await temporaryDirectory()
  const run = (args: readonly string[], overrides: Partial<Host> = {}) =>
    runInProcess(args, { directory, env: { EDITOR: 'editor' }, overrides })
  await run(['init'])
  const home = nodePath.join(directory, '.local/share/nexus-registry')
  const drafts = nodePath.join(directory, '.local/state/nexus-registry/drafts')
  const read = (name: RegistryName) => readFile(nodePath.join(home, registryFiles[name]), 'utf8')
  return {
    directory,
    home,
    run,
    read,
    readAll: () => Promise.all(registryNames.map(read)),
    drafts: () => readdir(drafts).catch(() => []),
    edit: (args: readonly string[], change: (text: string) => string | Promise<string>) =>
      run(['edit', ...args], { openInEditor: toEditor(change) }),
  }
}

function toEditor(change: (text: string) => string | Promise<string>): Host['openInEditor'] {
  return async (_, file) => {
    await writeFile(file, await change(await readFile(file, 'utf8')))
    return { code: 0, reason: null }
  }
}

const describeGit = (text: string) =>
  text.replace('"Distributed version control"', '"Version control of this team"')

describe('edit', () => {
  test('changes one entry, leaves all else, detects it again, and can be undone', async () => {
    const user = await createUser()
    const before = await user.readAll()
    const { code, stdout } = await user.edit(['git', '--yes', '--json'], describeGit)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      done: true,
      ref: 'tools/git',
      fields: ['description'],
      files: ['tool_registry.json'],
      warnings: [],
      found: { 'tools/git': expect.objectContaining({ status: 'present' }) },
    })
    expect(JSON.parse(await user.read('tools')).git).toMatchObject({
      description: 'Version control of this team',
      detected: { status: 'present' },
    })
    expect(await user.drafts()).toEqual([])
    await user.run(['undo', '--yes'])
    const { git, ...others } = JSON.parse(await user.read('tools'))
    const { git: old, ...same } = JSON.parse(before[registryNames.indexOf('tools')] ?? '')
    expect([{ ...git, detected: undefined }, others]).toEqual([{ ...old, detected: undefined }, same])
  })

  test('shows a draft without what was found on this machine, and keeps that', async () => {
    const user = await createUser()
    await user.run(['sync', '--quick', '--only', 'tools'])
    const seen: string[] = []
    await user.edit(['tools/git', '--yes'], text => {
      seen.push(text)
      return describeGit(text)
    })
    expect(JSON.parse(seen[0] ?? '')).not.toHaveProperty('detected')
    expect(JSON.parse(await user.read('tools')).git.detected).toMatchObject({ status: 'present' })
  })

  test.each<[string, (text: string) => string, RegExp]>([
    ['is no JSON', () => '{"a": 1,}', /draft.*\.json:1:9: /s],
    ['is no object', () => '[]', /: expected the fields of an entry/],
    ['is empty', () => '', /\.json:1:1: /],
    ['has a key twice', () => '{"env_var": "NEXUS_HAS_A", "env_var": "NEXUS_HAS_B"}', /env_var/],
    [
      'has shell syntax',
      text => text.replace('which git', 'which git; rm x'),
      /\.json:5:16: tools\/git\.detection: ; is shell syntax/,
    ],
    [
      'takes the variable of another entry',
      text => text.replace('NEXUS_HAS_GIT', 'NEXUS_HAS_DOCKER'),
      /NEXUS_HAS_DOCKER/,
    ],
  ])('keeps a draft that %s, and changes nothing', async (_, change, message) => {
    const user = await createUser()
    const before = await user.readAll()
    const { code, stderr } = await user.edit(['git', '--yes'], change)
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) })
    expect(await user.readAll()).toEqual(before)
    const [draft] = await user.drafts()
    expect(stderr).toMatch(new RegExp(`kept: nexus-registry edit tools/git --draft \\S+/${draft}\n`))
  })

  test('goes on with a draft that was kept, and then removes it', async () => {
    const user = await createUser()
    await user.edit(['git', '--yes'], text => `${describeGit(text)},`)
    const [draft = ''] = await user.drafts()
    const file = nodePath.join(user.directory, '.local/state/nexus-registry/drafts', draft)
    const { code } = await user.edit(['git', '--yes', '--draft', file], text => text.replace(/,$/, ''))
    expect(code).toBe(0)
    expect(await user.read('tools')).toContain('Version control of this team')
    expect(await user.drafts()).toEqual([])
  })

  test('leaves a file of the user that was named as the draft', async () => {
    const user = await createUser()
    const file = nodePath.join(user.directory, 'mine.json')
    const { git } = JSON.parse(await user.read('tools'))
    await writeFile(file, describeGit(JSON.stringify(git)))
    const { code } = await user.edit(['git', '--yes', '--draft', 'mine.json'], text => text)
    expect(code).toBe(0)
    expect(await readFile(file, 'utf8')).toContain('of this team')
  })

  test('changes nothing when the draft says the same, and keeps no draft', async () => {
    const user = await createUser()
    const before = await user.readAll()
    const { code, stdout } = await user.edit(['git'], text => JSON.stringify(JSON.parse(text)))
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Nothing was changed: the draft says the same\n',
    })
    expect(await user.readAll()).toEqual(before)
  })

  test('refuses what was changed in the file meanwhile', async () => {
    const user = await createUser()
    const { code, stderr } = await user.edit(['git', '--yes'], async text => {
      const path = nodePath.join(user.home, registryFiles.tools)
      await writeFile(path, (await user.read('tools')).replace('Distributed', 'Spread'))
      return describeGit(text)
    })
    expect(code).toBe(2)
    expect(stderr).toContain('tools/git was changed while you edited it. Nothing was changed')
    expect(await user.read('tools')).toContain('Spread version control')
    expect(await user.drafts()).toHaveLength(1)
  })

  test('without a terminal it wants --yes, and keeps the draft', async () => {
    const user = await createUser()
    const before = await user.readAll()
    const { code, stderr } = await user.edit(['git'], describeGit)
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('Nothing was changed: add --yes'),
    })
    expect(await user.readAll()).toEqual(before)
    expect(await user.drafts()).toHaveLength(1)
  })

  test('on a terminal it offers to edit again what is not valid', async () => {
    const user = await createUser()
    const asked: string[] = []
    let opened = 0
    const { code } = await user.run(['edit', 'git'], {
      isInteractive: () => true,
      confirm: async question => {
        asked.push(question)
        return true
      },
      openInEditor: toEditor(text => {
        opened += 1
        return opened === 1 ? `${describeGit(text)}]` : text.replace(/]$/, '')
      }),
    })
    expect({ code, opened, asked }).toEqual({
      code: 0,
      opened: 2,
      asked: ['Edit the draft again?', 'Change this?'],
    })
    expect(await user.read('tools')).toContain('of this team')
  })

  test('edits a metric of the dashboard', async () => {
    const user = await createUser()
    const { code } = await user.edit(['dashboard/metrics/load_average', '-y'], text =>
      text.replace('"Load Average"', '"Load"'),
    )
    expect(code).toBe(0)
    expect(JSON.parse(await user.read('dashboard')).sections.metrics.system.load_average).toMatchObject({
      display_name: 'Load',
    })
  })

  // Real editors: a shell reads the command, as Git does.
  test.each<[string, string, number, RegExp]>([
    ['with arguments', "sed -i 's/Distributed/Spread/'", 0, /^Changed tools\/git$/m],
    ['that fails', 'false', 2, /the editor failed: false \(exit code 1\)\. Nothing was changed/],
    ['that is missing', 'no-such-editor', 2, /the editor failed: no-such-editor \(exit code 127\)/],
    ['that removes the draft', 'rm', 2, /does not exist\. Nothing was changed/],
    ['that is not named', '', 2, /there is no terminal for an editor/],
  ])('an editor %s', async (_, editor, code, message) => {
    const user = await createUser()
    const env = { EDITOR: editor }
    const run = await runProgram(['edit', 'git', '--yes'], { directory: user.directory, env })
    expect(run.code).toBe(code)
    expect(`${run.stdout}${run.stderr}`).toMatch(message)
    expect((await user.read('tools')).includes('Spread')).toBe(code === 0)
    expect(await user.drafts()).toEqual([])
  })
})

describe('show', () => {
  const show = async (user: Awaited<ReturnType<typeof createUser>>, name: string) =>
    JSON.parse((await user.run(['show', name, '--json'])).stdout)

  test('names the file, the line, and the version that shipped an entry', async () => {
    const user = await createUser()
    const shown = await show(user, 'git')
    const lines = (await user.read('tools')).split('\n')
    expect(lines[shown.line - 1]).toBe('  "git": {')
    expect(shown).toMatchObject({
      ref: 'tools/git',
      file: nodePath.join(user.home, 'tool_registry.json'),
      origin: { kind: 'shipped', version: expect.any(String), edited: [], imported: {} },
      last_edit: null,
      entry: { detection: 'which git' },
    })
  })

  test('tells edited fields, and the last edit', async () => {
    const user = await createUser()
    await user.edit(['git', '--yes'], describeGit)
    expect(await show(user, 'git')).toMatchObject({
      origin: { kind: 'shipped', edited: ['description'] },
      last_edit: { by: 'edit' },
    })
    const { stdout } = await user.run(['show', 'git'])
    expect(stdout).toMatch(/^tools\/git present .*\n {2}file .*tool_registry\.json:\d+\n/)
    expect(stdout).toMatch(
      /\n {2}edited description\n {2}changed (?:just now|\d+ seconds? ago), by edit\n\{\n/,
    )
  })

  test('knows what was added, imported, from an upstream and over HTTP', async () => {
    const user = await createUser()
    await user.run(['add', 'rg', '--yes'])
    expect((await show(user, 'rg')).origin).toMatchObject({ kind: 'added', version: null })
    const sizes = { max_input_tokens: 128000, max_output_tokens: 16384 }
    const prices = { litellm_provider: 'openai', mode: 'chat', input_cost_per_token: 2.4e-6, ...sizes }
    const file = nodePath.join(user.directory, 'prices.json')
    await writeFile(file, JSON.stringify({ 'gpt-4o': prices }))
    await user.run(['import', 'litellm', file, '--yes'])
    expect((await show(user, 'gpt-4o')).origin).toMatchObject({
      kind: 'shipped',
      edited: [],
      imported: { cost_per_1k_input: { url: expect.any(String), retrieved_on: expect.any(String) } },
    })
    const text = await user.read('tools')
    const path = nodePath.join(user.home, registryFiles.tools)
    const mark = (url: string) => text.replace('"git": {', `"git": {"x-upstream": ${JSON.stringify(url)},`)
    await writeFile(path, mark('https://registry.example/tools'))
    expect((await show(user, 'git')).origin).toMatchObject({
      kind: 'upstream',
      from: 'https://registry.example/tools',
    })
    await writeFile(path, mark('http-api'))
    expect((await show(user, 'git')).origin).toMatchObject({ kind: 'shipped', from: 'http-api' })
  })

  test('shows a model of a local runtime, which stands in no file', async () => {
    const user = await createUser()
    const providers = JSON.parse(await user.read('providers'))
    const [id, provider] = Object.entries<Record<string, unknown>>(providers).find(
      ([, each]) => each.kind === 'local',
    ) ?? ['', {}]
    provider.detected = {
      status: 'up',
      version: '0.1',
      reason: null,
      latency_ms: 1,
      checked_at: '2026-11-30T00:00:00.000Z',
      models: [
        {
          id: 'tiny:latest',
          size_bytes: 1,
          context_tokens: 10,
          quantization: null,
          loaded: false,
          vram_bytes: null,
        },
      ],
    }
    await writeFile(nodePath.join(user.home, registryFiles.providers), JSON.stringify(providers))
    expect(await show(user, `models/${id}/tiny`)).toMatchObject({
      ref: `models/${id}/tiny:latest`,
      file: null,
      line: null,
      origin: { kind: 'local', from: `providers/${id}` },
    })
  })

  test('of an id that several registries have, shows the first, as every command that reads', async () => {
    const user = await createUser()
    expect(await show(user, 'ollama')).toMatchObject({ ref: 'tools/ollama' })
    expect(await show(user, 'providers/ollama')).toMatchObject({ ref: 'providers/ollama' })
    const { code, stderr } = await user.edit(['ollama', '--yes'], text => text)
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('providers/ollama') })
  })

  test('shows what only the catalog knows, and how to add it', async () => {
    const user = await createUser()
    expect(await show(user, 'ripgrep')).toMatchObject({
      ref: 'tools/rg',
      file: null,
      origin: { kind: 'catalog' },
      entry: { detection: 'which rg' },
    })
    const { stderr } = await user.run(['show', 'rg'])
    expect(stderr).toBe('It is not in the registry: nexus-registry add rg\n')
  })

  test('says what is near a name that nothing has', async () => {
    const user = await createUser()
    const { code, stderr } = await user.run(['show', 'tools/gti'])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('tools/git') })
  })

  test('steers no terminal', async () => {
    const user = await createUser()
    await appendFile(nodePath.join(user.home, registryFiles.tools), '')
    const text = (await user.read('tools')).replace('Distributed', '\\u001b[2J')
    await writeFile(nodePath.join(user.home, registryFiles.tools), text)
    expect((await user.run(['show', 'git'])).stdout).not.toContain('\u001b')
  })
})
