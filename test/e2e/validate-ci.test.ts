import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createProgram } from '../../src/cli/run.ts'
import { registryFiles } from '../../src/registry/schema/names.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { collect } from '../support/processes/run-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const stdout = { write: () => undefined, isTerminal: false, columns: undefined }
const program = createProgram({ stdout }, () => () => () => Promise.resolve())
const known = program.commands.find(command => command.name() === 'validate')?.options.map(({ long }) => long)

const broken = { tools: soundTexts.tools.replace('"NEXUS_HAS_PODMAN"', '"podman"') }
const miscounted = {
  hyper: soundTexts.hyper.replace('"entries_count_expected": 3', '"entries_count_expected": 4'),
}

async function createHome(changes: Partial<typeof soundTexts> = {}) {
  const directory = await temporaryDirectory()
  await mkdir(nodePath.join(directory, 'home'))
  await writeHome(nodePath.join(directory, 'home'), { ...soundTexts, ...changes })
  return directory
}

async function validate(args: readonly string[], changes = {}, env = {}) {
  return runInProcess(['validate', ...args], { directory: await createHome(changes), env })
}

async function validateInput(args: readonly string[], input: string | Uint8Array) {
  const directory = await createHome()
  const child = spawn(process.execPath, [nodePath.resolve('dist/main.cjs'), 'validate', '-', ...args], {
    cwd: directory,
    env: { PATH: '/usr/bin:/bin', HOME: directory },
  })
  // Who is refused before its end may find nobody who reads.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  return collect(child)
}

describe('formats', () => {
  const actions = { GITHUB_ACTIONS: 'true' }

  test.each([
    [
      'under GitHub Actions it is github',
      ['home'],
      actions,
      /^::error file=home\/tool_registry\.json,line=14,/,
    ],
    ['unless said otherwise', ['home', '--format', 'pretty'], actions, /^home\/tool_registry\.json\n/],
    ['and --json says otherwise', ['home', '--json'], actions, /^\{\n {2}"valid": false/],
    ['elsewhere it is pretty', ['home'], { GITHUB_ACTIONS: 'false' }, /^home\/tool_registry\.json\n/],
    ['sarif', ['home', '--format', 'sarif'], {}, /"version": "2\.1\.0"/],
    ['junit', ['home', '--format', 'junit'], {}, /^<\?xml .*\n<testsuites .*failures="1"/],
  ])('%s', async (_, args, env, start) => {
    const { code, stdout } = await validate(args, broken, env)
    expect(code).toBe(1)
    expect(stdout).toMatch(start)
  })

  test('paths count from the workspace, wherever the step works', async () => {
    const directory = await createHome(broken)
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: directory }
    const cwd = nodePath.join(directory, 'home')
    const { stdout } = await runInProcess(['validate', '.'], { directory, cwd, env })
    expect(stdout).toContain('::error file=home/tool_registry.json,')
  })
})

describe('levels', () => {
  test.each([
    ['as many warnings as are allowed', ['--max-warnings', '1'], 0],
    ['one more', ['--max-warnings', '0'], 1],
    ['--strict allows none', ['--max-warnings', '5', '--strict'], 1],
    ['a rule that is an error', ['--rule', 'entry-count=error'], 1],
    ['warn and warning are the same', ['--rule', 'entry-count=warning', '--rule', 'pattern=warn'], 0],
    ['a rule that is off', ['--rule', 'entry-count=off', '--strict'], 0],
    ['the last word counts', ['--rule', 'entry-count=error', '--rule', 'entry-count=off'], 0],
  ])('%s', async (_, args, code) => {
    expect(await validate(['home', ...args], miscounted)).toMatchObject({ code })
  })

  test('too many are told on stderr', async () => {
    const { stderr } = await validate(['home', '--max-warnings', '0'], miscounted)
    expect(stderr).toBe('1 warning; --max-warnings allows 0\n')
  })

  test('--rules shows the levels of this call', async () => {
    const { stdout } = await validate(['--rules', '--json', '--rule', 'pattern=warn'])
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ id: 'pattern', level: 'warning' }))
  })
})

describe('what belongs to no home', () => {
  test.each([
    ['stdin, as --as says', ['--as', 'tools'], soundTexts.tools, 0],
    ['any form of the name', ['--as', 'tool_registry.json'], soundTexts.tools, 0],
    ['stdin, as its $schema says', [], soundTexts.tools, 0],
    ['stdin that is broken', ['--as', 'tools'], broken.tools, 1],
    ['stdin that is empty', ['--as', 'tools'], '', 1],
    ['stdin of bytes', ['--as', 'tools'], Buffer.from([0xff, 0xfe, 0]), 1],
    ['stdin of nobody knows what', [], '{}', 2],
  ])('%s', async (_, args, input, code) => {
    expect((await validateInput(args, input)).code).toBe(code)
  })

  test('reports call it <stdin>, and name the checks that were not possible', async () => {
    const { stdout, stderr } = await validateInput(['--as', 'tools'], broken.tools)
    expect(stdout).toContain('<stdin>\n\n  14:16  error')
    expect(stderr).toBe(
      '<stdin>: checked alone, as tools: references to and from other registries not checked\n',
    )
  })

  test('endless stdin is a sentence', async () => {
    const { code, stdout } = await validateInput(['--as', 'tools'], ' '.repeat(40_000_000))
    expect(code).toBe(1)
    expect(stdout).toContain('stdin has over 16777216 bytes, the limit')
  })

  test('a file of 200 MB is a sentence', async () => {
    const directory = await createHome()
    await truncate(nodePath.join(directory, 'home', registryFiles.tools), 200_000_000)
    const { code, stdout } = await runInProcess(['validate', 'home'], { directory })
    expect(code).toBe(1)
    expect(stdout).toMatch(/tool_registry\.json has 200000000 bytes, the limit is 16777216 {2}json-syntax/)
  })

  test('a file whose neighbours are missing says what was not checked', async () => {
    const directory = await temporaryDirectory()
    await writeHome(directory, { models: soundTexts.models })
    const { code, stderr } = await runInProcess(['validate', 'model_registry.json'], { directory })
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /^model_registry\.json: references to and from hyper, dashboard, tools, .* not checked: file missing/,
    )
  })

  test('a directory of registries under other names', async () => {
    const directory = await temporaryDirectory()
    await writeFile(nodePath.join(directory, 'tools.staging.json'), broken.tools)
    await writeFile(nodePath.join(directory, 'package.json'), '{}')
    const { code, stdout } = await runInProcess(['validate', '.'], { directory })
    expect(code).toBe(1)
    expect(stdout).toContain('1 error in 1 of 1 file')
  })
})

describe('--fix', () => {
  test('puts right, says what, and checks again', async () => {
    const directory = await createHome(miscounted)
    const { code, stdout, stderr } = await runInProcess(['validate', 'home', '--fix', '--strict'], {
      directory,
    })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '✔ 9 files are valid\n' })
    const at = '/sub_registries/tools/entries_count_expected'
    expect(stderr).toBe(`fixed home/hyper_registry.json: the number of entries, at ${at}\n`)
    expect(await readFile(nodePath.join(directory, 'home', registryFiles.hyper), 'utf8')).toBe(
      soundTexts.hyper,
    )
  })

  test('what was put right is told, though the next one cannot be', async () => {
    const directory = await createHome(miscounted)
    const unordered = '{"a": {"env_var": "NEXUS_HAS_A", "detection": "which a", "category": "vcs"}}'
    await writeFile(nodePath.join(directory, 'real.json'), unordered)
    await symlink('real.json', nodePath.join(directory, 'tools.json'))
    const { code, stderr } = await runInProcess(['validate', 'home', 'tools.json', '--fix'], { directory })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^fixed home\/hyper_registry\.json: .*\nerror: .*tools\.json is a link/)
  })

  test('--dry-run lists it like a diff, and changes nothing', async () => {
    const directory = await createHome(miscounted)
    const run = await runInProcess(['validate', 'home', '--fix', '--dry-run'], { directory })
    expect(run).toMatchObject({ code: 1, stderr: '' })
    expect(run.stdout).toBe(`home/hyper_registry.json
  /sub_registries/tools/entries_count_expected: the number of entries
  - 4
  + 3
`)
    expect(await readFile(nodePath.join(directory, 'home', registryFiles.hyper), 'utf8')).toBe(
      miscounted.hyper,
    )
  })

  test('a JSON report has what was put right', async () => {
    const { stdout } = await validate(['home', '--fix', '--json'], miscounted)
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, fixed: [{ before: '4', after: '3' }] })
    const dry = await validate(['home', '--fix', '--dry-run', '--format', 'json'], miscounted)
    expect(JSON.parse(dry.stdout)).toMatchObject([{ before: '4', after: '3' }])
  })
})

test.each([
  ['a rule that does not exist', ['--rule', 'entry-cuont=off'], 'Did you mean "entry-count"?'],
  ['a level that does not exist', ['--rule', 'entry-count=fatal'], 'entry-count=off, entry-count=warn or'],
  ['a rule without a level', ['--rule', 'entry-count'], 'expected entry-count=off'],
  ['a number that is none', ['home', '--max-warnings', 'few'], 'expected a number, 0 or more, found "few"'],
  ['--dry-run alone', ['home', '--dry-run'], 'Add --fix'],
  ['a registry that does not exist', ['home/hyper_registry.json', '--as', 'tolls'], 'Did you mean "tools"?'],
  ['--as for a directory', ['home', '--as', 'tools'], 'home is a directory'],
  ['--as for nothing', ['--as', 'tools'], '--as requires a file'],
  ['a format that is nearly right', ['home', '--format', 'sarf'], 'Did you mean "sarif"?'],
])('%s ends with 2 and says what to do', async (_, args, message) => {
  const { code, stdout, stderr } = await validate(args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
  expect(stderr).toContain('hint:')
})

describe('the GitHub Action', () => {
  const action = parse(readFileSync('action.yml', 'utf8'))
  const step = action.runs.steps.at(-1)

  async function runStep(inputs: Record<string, string>, changes = {}) {
    const directory = await createHome(changes)
    const defaults = Object.entries<{ default: string }>(action.inputs).map(([name, input]) => [
      `INPUT_${name.toUpperCase().replaceAll('-', '_')}`,
      input.default,
    ])
    const env = {
      PATH: `${nodePath.dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: directory,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: directory,
      GITHUB_ACTION_PATH: process.cwd(),
      ...Object.fromEntries(defaults),
      ...inputs,
    }
    const script = nodePath.join(directory, 'step.sh')
    await writeFile(script, step.run)
    // How the runner starts `shell: bash`.
    const argv = ['--noprofile', '--norc', '-eo', 'pipefail', script]
    return { directory, ...(await collect(spawn('bash', argv, { cwd: directory, env }))) }
  }

  test('names inputs and options that there are', () => {
    const inputs = Object.keys(action.inputs)
    const used = Object.values<string>(step.env).map(text => /inputs\.([a-z-]+)/.exec(text)?.[1])
    expect(used).toEqual(inputs)
    const options = step.run.match(/--[a-z-]+/g) ?? []
    expect(options.filter((option: string) => ![...(known ?? []), '--quiet'].includes(option))).toEqual([])
  })

  test.each<[what: string, inputs: Record<string, string>, changes: object, code: number]>([
    ['a sound home', { INPUT_PATH: 'home' }, {}, 0],
    [
      'several paths, one a line',
      { INPUT_PATH: 'home/tool_registry.json\nhome/hyper_registry.json\n' },
      {},
      0,
    ],
    ['a broken home', { INPUT_PATH: 'home' }, broken, 1],
    ['warnings', { INPUT_PATH: 'home' }, miscounted, 0],
    ['warnings that count', { INPUT_PATH: 'home', INPUT_STRICT: 'true' }, miscounted, 1],
    ['too many warnings', { INPUT_PATH: 'home', INPUT_MAX_WARNINGS: '0' }, miscounted, 1],
    ['nothing there', { INPUT_PATH: 'a b; exit 0' }, {}, 2],
    ['no path at all', { INPUT_PATH: ' \n' }, {}, 2],
    ['no path at all, and no space either', { INPUT_PATH: '' }, {}, 2],
    ['nowhere to write SARIF to', { INPUT_PATH: 'home', INPUT_SARIF_FILE: 'nowhere/x.sarif' }, {}, 1],
    ['nothing there, with SARIF', { INPUT_PATH: 'nowhere', INPUT_SARIF_FILE: 'x.sarif' }, {}, 2],
  ])('%s', async (_, inputs, changes, code) => {
    expect((await runStep(inputs, changes)).code).toBe(code)
  })

  test('writes SARIF, and shows the findings as well', async () => {
    const run = await runStep({ INPUT_PATH: 'home', INPUT_SARIF_FILE: 'found.sarif' }, broken)
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('::error file=home/tool_registry.json,')
    const log = JSON.parse(await readFile(nodePath.join(run.directory, 'found.sarif'), 'utf8'))
    expect(log.runs[0].results).toHaveLength(1)
  })
})

describe('the hook for pre-commit', () => {
  const [hook] = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8'))

  test('is for the nine files, wherever they lie', () => {
    const files = new RegExp(hook.files)
    const named = Object.values(registryFiles)
    expect(named.filter(file => !files.test(file) || !files.test(`a/b/${file}`))).toEqual([])
    expect(['my_tool_registry.json', 'tool_registry.json.bak'].filter(file => files.test(file))).toEqual([])
  })

  test('calls what the package brings', async () => {
    const manifest = JSON.parse(await readFile('package.json', 'utf8'))
    const [name, command] = hook.entry.split(' ')
    expect(Object.keys(manifest.bin)).toContain(name)
    expect(program.commands.map(each => each.name())).toContain(command)
  })
})
