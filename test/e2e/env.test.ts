import { mkdir, readdir, readFile, unlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { runInProcess } from '../support/processes/run-in-process.ts'
import type { ProgramRun } from '../support/processes/run-program.ts'
import { writeScript } from '../support/processes/script.ts'
import { parseDockerEnvFile } from '../support/shells/docker-env-file.ts'
import { evaluate } from '../support/shells/evaluate.ts'
import { parseGithubEnvFile } from '../support/shells/github-env-file.ts'
import { readWithNode } from '../support/shells/node-env-file.ts'
import { findShell } from '../support/shells/shells.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const context = 'a  b\'"$(touch canary)`touch canary`*~#;é'
const program = '"$NODE" "$MAIN" env'

const evaluations = [
  ['zsh', ['-f'], `setopt nounset err_exit ksh_arrays sh_word_split noclobber\neval "$(${program})"`],
  ['zsh', ['-f'], `eval $(${program})`],
  ['zsh', ['-f'], `eval $(${program} --shell zsh)`],
  ['bash', [], `set -euo pipefail\neval "$(${program})"`],
  ['bash', [], `set -euo pipefail\neval $(${program} --shell bash)`],
  ['dash', [], `set -eu\neval "$(${program})"`],
  ['dash', [], `set -eu\neval $(${program} --shell sh)`],
  ['fish', ['--no-config'], `${program} --shell fish | source`],
] as const

describe('in a real shell', () => {
  for (const [name, args, script] of evaluations) {
    const shell = findShell(name)
    it.skipIf(shell === undefined)(`${name}: ${JSON.stringify(script)}`, async () => {
      const machine = await createMachine()
      const { environment, sideEffects } = await evaluate([shell ?? '', ...args, '-c'], {
        script,
        text: '',
        directory: machine.directory,
        env: { ...machine.env, NODE: process.execPath, MAIN: nodePath.resolve('dist/main.cjs') },
      })
      expect(sideEffects).toEqual([])
      expect(environment.get('NEXUS_HAS_DOCKER')).toBe('1')
      expect(environment.get('NEXUS_HAS_TERRAFORM')).toBe('0')
      expect(environment.get('NEXUS_K8S_CONTEXT')).toBe(Buffer.from(context).toString('latin1'))
      expect(environment.get('NEXUS_ENV_STATUS')).toBe('ok')
    })
  }

  it('what --unset prints leaves nothing behind', async () => {
    const machine = await createMachine()
    const { stdout: set } = await machine.run(['env'])
    const { stdout: unset } = await machine.run(['env', '--unset'])
    const options = { script: '. "$FILE"', directory: machine.directory, env: machine.env }
    const before = await evaluate(['/bin/sh', '-c'], { ...options, text: set })
    const after = await evaluate(['/bin/sh', '-c'], { ...options, text: set + unset })
    expect(namesIn(before.environment).length).toBeGreaterThan(20)
    expect(namesIn(after.environment)).toEqual([])
  })
})

describe('formats', () => {
  it('--json is --shell json: one object of names and values', async () => {
    const machine = await createMachine()
    const [short, long] = [
      await machine.run(['env', '--json']),
      await machine.run(['env', '--shell', 'json']),
    ]
    expect(short.stdout).toBe(long.stdout)
    expect(JSON.parse(short.stdout)).toMatchObject({
      NEXUS_HAS_DOCKER: '1',
      NEXUS_HAS_TERRAFORM: '0',
      NEXUS_GPU_TYPE: null,
      NEXUS_K8S_CONTEXT: context,
      NEXUS_ENV_STATUS: 'ok',
    })
  })

  it('an unknown shell is refused with the list, and nothing is printed to evaluate', async () => {
    const machine = await createMachine()
    const { code, stdout, stderr } = await machine.run(['env', '--shell', 'tcsh'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('sh, zsh, bash, fish, json, dotenv, github')
  })
})

describe('dotenv', () => {
  it('node --env-file and Docker read what was found; a value beyond them is left out and named', async () => {
    const machine = await createMachine()
    const { code, stdout, stderr } = await machine.run(['env', '--shell', 'dotenv'])
    const expected = Object.fromEntries(
      (await machine.found()).filter(([name]) => name !== 'NEXUS_K8S_CONTEXT'),
    )
    expect(Object.keys(expected).length).toBeGreaterThan(15)
    expect(expected).toMatchObject({ NEXUS_HAS_DOCKER: '1', NEXUS_ENV_STATUS: 'ok' })
    expect(Object.fromEntries(await readWithNode(stdout))).toEqual(expected)
    expect(Object.fromEntries(parseDockerEnvFile(stdout))).toEqual(expected)
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /^nexus-registry env: dotenv [^\n]* leaves out NEXUS_K8S_CONTEXT \(--shell json [^\n]*\)\n$/,
    )
  })

  it('a value that both read alike is there, and nothing is said', async () => {
    const machine = await createMachine({ context: 'prod \'eu\' "west" $HOME é' })
    const { stdout, stderr } = await machine.run(['env', '--shell', 'dotenv'])
    expect(Object.fromEntries(await readWithNode(stdout))).toEqual(Object.fromEntries(await machine.found()))
    expect(stderr).toBe('')
  })
})

describe('github', () => {
  const args = ['env', '--shell', 'github']

  it.each([
    ['lines', 'OTHER=1\n'],
    ['a line that is not ended', 'OTHER=1'],
  ])('adds to a file with %s, prints nothing, and says how many', async (_, before) => {
    const machine = await createMachine()
    await writeFile(machine.at('github-env'), before)
    const run = await machine.run(args, { GITHUB_ENV: machine.at('github-env') })
    const found = await machine.found()
    expect(run).toEqual({
      code: 0,
      stdout: '',
      stderr: `nexus-registry env: variables added to GITHUB_ENV: ${found.length}\n`,
    })
    const text = await readFile(machine.at('github-env'), 'utf8')
    expect(text.startsWith('OTHER=1\nNEXUS_')).toBe(true)
    expect([...parseGithubEnvFile(text)]).toEqual([['OTHER', '1'], ...found])
    expect(found).toContainEqual(['NEXUS_K8S_CONTEXT', context])
  })

  it('adds to a file of its directory, with --quiet without a word', async () => {
    const machine = await createMachine()
    const run = await machine.run([...args, '--quiet'], { GITHUB_ENV: 'github-env' })
    expect(run).toEqual({ code: 0, stdout: '', stderr: '' })
    const text = await readFile(machine.at('github-env'), 'utf8')
    expect([...parseGithubEnvFile(text)]).toEqual(await machine.found())
  })

  it.each([undefined, ''])('prints the same when GITHUB_ENV is %j', async value => {
    const machine = await createMachine()
    const { code, stdout, stderr } = await machine.run(args, { GITHUB_ENV: value })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect([...parseGithubEnvFile(stdout)]).toEqual(await machine.found())
  })

  it('trouble with the home is told in the file too', async () => {
    const machine = await createMachine()
    const env = { GITHUB_ENV: machine.at('github-env') }
    const { code, stderr } = await machine.run([...args, '--home', machine.at('nowhere')], env)
    expect(code).toBe(0)
    expect(stderr).toMatch(/^nexus-registry env: .*nowhere.*; variables added to GITHUB_ENV: 1\n$/)
    expect(await readFile(machine.at('github-env'), 'utf8')).toBe('NEXUS_ENV_STATUS=failed\n')
  })

  it.each([
    ['a directory', 'bin'],
    ['a file of no directory', 'nowhere/github-env'],
    ['a device', '/dev/null'],
  ])('%s cannot be added to: exit 2, a sentence and a hint, nothing on stdout', async (_, path) => {
    const machine = await createMachine()
    const { code, stdout, stderr } = await machine.run(args, { GITHUB_ENV: path })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^error: cannot append to the file of GITHUB_ENV: .*\nhint: .*GITHUB_ENV.*\n$/)
  })
})

describe('--unset', () => {
  it.each(['dotenv', 'github'])('is refused for %s, which cannot say it', async form => {
    const machine = await createMachine()
    const env = { GITHUB_ENV: machine.at('github-env') }
    const { code, stdout, stderr } = await machine.run(['env', '--unset', '--shell', form], env)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(new RegExp(`^error: --shell ${form} .*\\nhint: .*--shell json.*\\n$`))
    expect(await readdir(machine.directory)).not.toContain('github-env')
  })
})

describe('an answer', () => {
  it('is kept, and another is found when a program goes from PATH', async () => {
    const machine = await createMachine()
    await machine.run(['env'])
    await machine.run(['env'])
    expect(await machine.answers()).toHaveLength(1)
    await unlink(machine.at('bin', 'docker'))
    expect((await machine.run(['env'])).stdout).toContain("export NEXUS_HAS_DOCKER='0';")
    expect(await machine.answers()).toHaveLength(2)
  })

  it('of a sync is the answer of env', async () => {
    const machine = await createMachine()
    expect((await machine.run(['sync'])).code).toBe(0)
    const [kept = ''] = await machine.answers()
    const text = await readFile(kept, 'utf8')
    await writeFile(kept, text.replace(/("NEXUS_HAS_DOCKER",\s*"value": )"1"/, '$1"kept"'))
    expect((await machine.run(['env'])).stdout).toContain("export NEXUS_HAS_DOCKER='kept';")
  })

  it('is looked for without a write to the home', async () => {
    const machine = await createMachine()
    await machine.run(['env'])
    const before = await machine.readHome()
    await unlink(machine.at('bin', 'docker'))
    await machine.run(['env'])
    expect(await machine.readHome()).toEqual(before)
  })

  it('is written to the home with --fresh', async () => {
    const machine = await createMachine()
    await machine.run(['env'])
    const { code, stdout } = await machine.run(['env', '--fresh'])
    expect(code).toBe(0)
    expect(stdout).toContain("export NEXUS_HAS_DOCKER='1';")
    expect(stdout).toMatch(/export NEXUS_ENV_STATUS='ok';\n$/)
    const tools = (await machine.readHome()).get('tool_registry.json') ?? ''
    expect(JSON.parse(tools).docker.detected).toMatchObject({
      status: 'present',
      path: machine.at('bin', 'docker'),
    })
  })
})

describe('trouble never fails the start of a shell', () => {
  it('a home that does not exist: nothing but the status, one line, exit 0', async () => {
    const machine = await createMachine()
    const { code, stdout, stderr } = await machine.run(['env', '--home', machine.at('nowhere')])
    expect({ code, stdout }).toEqual({ code: 0, stdout: "export NEXUS_ENV_STATUS='failed';\n" })
    expect(stderr).toMatch(/^nexus-registry env: .*nowhere.*nexus-registry init .*\n$/)
  })

  it('but the exit code tells with --fresh', async () => {
    const machine = await createMachine()
    const { code, stdout } = await machine.run(['env', '--fresh', '--home', machine.at('nowhere')])
    expect({ code, stdout }).toEqual({ code: 2, stdout: "export NEXUS_ENV_STATUS='failed';\n" })
  })

  it('a broken entry: the others, one line, exit 0, and 1 with --fresh', async () => {
    const machine = await createMachine()
    await machine.run(['env'])
    await machine.editHome('tool_registry.json', text => text.replace('"which docker"', '7'))
    const { code, stdout, stderr } = await machine.run(['env'])
    expect(code).toBe(0)
    expect(stdout).toContain("export NEXUS_HAS_KUBERNETES='1';")
    expect(stdout).toMatch(/unset NEXUS_HAS_DOCKER;\nexport NEXUS_ENV_STATUS='partial';\n$/)
    expect(stderr).toMatch(/^nexus-registry env: .*tool_registry\.json:\d+:\d+: .*\n$/)
    expect((await machine.run(['env', '--fresh'])).code).toBe(1)
  })

  it('a configuration with an unknown key: everything, one line, exit 0', async () => {
    const machine = await createMachine()
    await mkdir(machine.at('.config', 'nexus-registry'), { recursive: true })
    await writeFile(machine.at('.config', 'nexus-registry', 'config.json'), '{"hom": "/x"}')
    const { code, stdout, stderr } = await machine.run(['env'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/export NEXUS_ENV_STATUS='ok';\n$/)
    expect(stderr).toMatch(/^[^\n]*hom[^\n]*\n$/)
  })

  it('no HOME at all: every variable, from the shipped registries', async () => {
    const machine = await createMachine()
    const { code, stdout, stderr } = await machine.run(['env'], { HOME: undefined })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain("export NEXUS_HAS_DOCKER='1';\n")
    expect(stdout).toContain("export NEXUS_HAS_TERRAFORM='0';\n")
    expect(stdout).not.toContain('failed')
  })

  it('is silent with --quiet', async () => {
    const machine = await createMachine()
    const { stderr } = await machine.run(['env', '--quiet', '--home', machine.at('nowhere')])
    expect(stderr).toBe('')
  })
})

/** A user with docker and kubectl on PATH, a cluster's context with a hostile name, and nothing else. */
async function createMachine({ context: name = context } = {}) {
  const directory = await temporaryDirectory()
  const at = (...parts: string[]) => nodePath.join(directory, ...parts)
  const home = at('.local', 'share', 'nexus-registry')
  const answers = at('.cache', 'nexus-registry', 'answers')
  await writeScript(at('bin', 'docker'), 'echo "Docker version 28.2.2, build e6534b4"')
  await writeScript(at('bin', 'kubectl'), 'echo "Client Version: v1.34.1"')
  await mkdir(at('.kube'))
  const kubeconfig = { 'current-context': name, contexts: [{ name, context: {} }] }
  await writeFile(at('.kube', 'config'), JSON.stringify(kubeconfig))
  const run = (args: readonly string[], more: Record<string, string | undefined> = {}): Promise<ProgramRun> =>
    runInProcess(args, { directory, env: { PATH: at('bin'), ...more } })
  return {
    directory,
    // What a shell itself needs is there too.
    env: { PATH: `${at('bin')}:/usr/bin:/bin` },
    at,
    run,
    /** The variables that are set, as the JSON form has them. */
    found: async (): Promise<[string, string][]> => {
      const all: Record<string, string | null> = JSON.parse((await run(['env', '--json'])).stdout)
      return Object.entries(all).flatMap(([key, value]) => (value === null ? [] : [[key, value]]))
    },
    answers: async () => (await readdir(answers)).map(name => nodePath.join(answers, name, 'answer.json')),
    readHome: async () => {
      const names = (await readdir(home)).filter(name => name.endsWith('.json')).sort()
      const texts = await Promise.all(names.map(name => readFile(nodePath.join(home, name), 'utf8')))
      return new Map(names.map((name, index) => [name, texts[index]]))
    },
    editHome: async (file: string, edit: (text: string) => string) => {
      const path = nodePath.join(home, file)
      await writeFile(path, edit(await readFile(path, 'utf8')))
    },
  }
}

function namesIn(environment: ReadonlyMap<string, string>): string[] {
  return [...environment.keys()].filter(name => name.startsWith('NEXUS_'))
}
