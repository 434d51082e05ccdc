import { readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { writeScript } from '../support/processes/script.ts'
import { findFreePort, startHealthServer } from '../support/servers/health-server.ts'
import { temporaryDirectory } from '../support/test-host.ts'

interface User {
  readonly directory: string
  readonly env: Record<string, string>
  /** Lets the services of the default home listen at these addresses. */
  readonly listen: (urls: Readonly<Record<string, string>>) => Promise<void>
}

/** A user with the default home, and with jq, curl and git alone on PATH. */
async function createUser(): Promise<User> {
  const directory = await temporaryDirectory()
  const bin = nodePath.join(directory, 'bin')
  for (const name of ['jq', 'curl', 'git']) await writeScript(nodePath.join(bin, name), `echo ${name} 1.7.1`)
  const env = { PATH: bin }
  await runInProcess(['init'], { directory, env })
  const file = nodePath.join(directory, '.local/share/nexus-registry/microservice_registry.json')
  const listen: User['listen'] = async urls => {
    const services = JSON.parse(await readFile(file, 'utf8'))
    for (const [id, url] of Object.entries(urls)) services[id].url = url
    await writeFile(file, JSON.stringify(services))
  }
  return { directory, env, listen }
}

async function explain(user: User, args: readonly string[], env: Record<string, string> = {}) {
  return runInProcess(['explain', ...args], { ...user, env: { ...user.env, ...env } })
}

describe('explain', () => {
  test('says of a model whether its key is set, and what the platform lacks', async () => {
    const user = await createUser()
    const key = { ANTHROPIC_API_KEY: 'sk-secret' }
    const run = await explain(user, ['models/claude-opus-4-6', '--json'], key)
    expect(JSON.parse(run.stdout)).toMatchObject({
      ref: 'models/claude-opus-4-6',
      status: 'ready',
      via_platform: { status: 'not set up' },
      causes: [],
    })
    expect(run.code).toBe(0)
    const without = await explain(user, ['models/claude-opus-4-6'])
    expect(without.stdout).toMatch(
      /is not set up\n {2}· providers\/anthropic: .*ANTHROPIC_API_KEY.* set\n {4}Set .*: export ANTHROPIC_API_KEY=/,
    )
    expect(without.code).toBe(1)
  })

  test('knows a service that was up here before', async () => {
    const user = await createUser()
    await user.listen({ aefa: (await startHealthServer('up')).url })
    await runInProcess(['sync', 'microservices'], user)
    await user.listen({ aefa: `http://127.0.0.1:${await findFreePort()}` })
    expect(JSON.parse((await explain(user, ['aefa', '--json'])).stdout)).toMatchObject({
      status: 'not ready',
      causes: [{ ref: 'microservices/aefa', reason: expect.stringContaining('nothing listens') }],
    })
    const overview = await explain(user, ['--json'])
    expect(JSON.parse(overview.stdout).problems).toMatchObject([{ ref: 'microservices/aefa' }])
    expect(overview.code).toBe(1)
  })

  test.each([
    ['failing', 'not set up', /responds with 500/],
    ['redirecting', 'not set up', /responds with 302/],
    ['hanging', 'unknown', /did not respond within 1 s/],
    ['dripping', 'unknown', /did not respond within 1 s/],
    ['huge', 'ready', /^$/],
  ] as const)('of a service that is %s: %s', async (behaviour, status, reason) => {
    const user = await createUser()
    await user.listen({ aefa: (await startHealthServer(behaviour)).url })
    const { code, stdout } = await explain(user, ['aefa', '--json'])
    const answer = JSON.parse(stdout)
    expect(answer.status).toBe(status)
    expect(answer.causes[0]?.reason ?? '').toMatch(reason)
    expect(code).toBe(status === 'ready' ? 0 : 1)
  })

  test('does not ask services of a home that is not trusted', async () => {
    const user = await createUser()
    const server = await startHealthServer('up')
    await user.listen({ aefa: server.url })
    const home = nodePath.join(user.directory, '.local/share/nexus-registry')
    const { stdout } = await explain(user, ['aefa', '--home', home])
    expect(stdout).toContain(`nexus-registry trust ${home}`)
    expect(server.asked).toEqual([])
  })

  test('tells what was passed over on PATH, and what is hidden', async () => {
    const user = await createUser()
    const [first, last] = ['first', 'last'].map(name => nodePath.join(user.directory, name))
    await writeScript(nodePath.join(`${first}`, 'other'), 'true')
    await writeFile(nodePath.join(`${first}`, 'jq'), 'no program', { mode: 0o644 })
    await writeScript(nodePath.join(`${last}`, 'jq'), 'echo jq-1.6')
    const PATH = [first, user.env.PATH, last].join(':')
    const { code, stdout } = await explain(user, ['tools/jq'], { PATH })
    expect(code).toBe(0)
    expect(stdout).toContain(`passed over ${first}/jq: it is not executable by this user`)
    expect(stdout).toContain(`hidden ${last}/jq`)
    expect(stdout).toMatch(/version 1\.7\.1\n {2}known by path\n {2}detected just now\n/)
    expect(stdout).toMatch(/needed by .*plugins\/nexus_hyper_core/)
  })

  test('tells where an engine is not reachable', async () => {
    const user = await createUser()
    const complaint = 'Cannot connect to the Docker daemon at unix:///nowhere/docker.sock. Is it running?'
    const script = `case "$*" in --version) echo Docker version 28.2.2 ;; *) echo "${complaint}" >&2; exit 1 ;; esac`
    await writeScript(nodePath.join(user.env.PATH ?? '', 'docker'), script)
    const { stdout } = await explain(user, ['docker'])
    expect(stdout).toContain('its engine is unreachable at unix:///nowhere/docker.sock')
  })

  test('takes what a fresh sync found', async () => {
    const user = await createUser()
    await runInProcess(['sync'], user)
    const script = nodePath.join(user.env.PATH ?? '', 'git')
    expect((await explain(user, ['dashboard/tools/nodejs'])).stdout).toContain('tools/nodejs')
    await writeScript(script, 'echo git 9.9.9')
    expect((await explain(user, ['tools/git'])).stdout).toContain('9.9.9')
  })

  test('has no problems on a machine where nothing is set up', async () => {
    const user = await createUser()
    const run = await explain(user, [])
    expect(run).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^No problems: all that is set up here works\.\n/),
    })
    expect(run.stdout).toMatch(/^Not set up: \d+ providers \(\d+ models\), 18 local runtimes, 5 services, /m)
    expect(run.stdout).toMatch(/known tools are not installed: nexus-registry explain --absent lists/)
    const absent = await explain(user, ['--absent'])
    expect(absent.stdout).toMatch(/^ {2}· tools\/podman Install Podman/m)
    expect((await explain(user, ['--all'])).stdout).toBe(run.stdout)
  })

  test.each([
    [
      'a ref that nothing has',
      ['models/gpt4o'],
      /nothing is called "models\/gpt4o"\nhint: Did you mean models\/gpt-4o/,
    ],
    ['a ref and --all', ['aefa', '--all'], /either a ref or --all/],
    ['a ref and --absent', ['aefa', '--absent'], /either a ref or --absent/],
  ])('refuses %s', async (_, args, stderr) => {
    const run = await explain(await createUser(), args)
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(stderr) })
  })
})
