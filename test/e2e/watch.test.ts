import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { leftoversIn } from '../support/homes/marked-home.ts'
import { soundTexts } from '../support/homes/valid-home.ts'
import { type VersionedHome, writeVersionedHome } from '../support/homes/versioned-home.ts'
import { startDaemon } from '../support/processes/daemon.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { runProgram } from '../support/processes/run-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const never = 86_400

/** A user whose home is polled every so many seconds. */
async function readyHome(seconds: number): Promise<VersionedHome> {
  const user = await writeVersionedHome(await temporaryDirectory())
  await user.release('1.0.0')
  await setInterval(user, seconds)
  // Its entries are of this test alone.
  await configure(user, '{"upgrade": "manual"}')
  return user
}

async function setInterval({ home }: VersionedHome, seconds: number): Promise<void> {
  const text = soundTexts.hyper.replace('"interval_seconds": 60', `"interval_seconds": ${seconds}`)
  await writeFile(nodePath.join(home, 'hyper_registry.json'), text)
}

async function configure({ directory }: VersionedHome, text: string): Promise<string> {
  const file = nodePath.join(directory, '.config/nexus-registry/config.json')
  await mkdir(nodePath.dirname(file), { recursive: true })
  await writeFile(file, text)
  return file
}

async function addTool({ home }: VersionedHome, id: string): Promise<void> {
  const file = nodePath.join(home, 'tool_registry.json')
  const tools = JSON.parse(await readFile(file, 'utf8'))
  tools[id] = { detection: `which ${id}`, env_var: `NEXUS_HAS_${id.toUpperCase()}` }
  await writeFile(file, JSON.stringify(tools, null, 2))
}

async function keptAnswers({ directory }: VersionedHome): Promise<string> {
  const answers = nodePath.join(directory, '.cache/nexus-registry/answers')
  const names = await readdir(answers).catch(() => [])
  const texts = names.map(name => readFile(nodePath.join(answers, name, 'answer.sh'), 'utf8').catch(() => ''))
  return (await Promise.all(texts)).join('\n').replaceAll("'\\''", "'")
}

async function claimsOf({ directory }: VersionedHome): Promise<string[]> {
  return readdir(nodePath.join(directory, '.local/state/nexus-registry/daemons'), { recursive: true })
}

describe('the daemon', () => {
  test('polls by itself, and tells what has changed', async () => {
    const user = await readyHome(1)
    const daemon = startDaemon(user)
    expect(await daemon.next('started')).toMatchObject({
      home: user.home,
      pid: daemon.child.pid,
      level: 'info',
    })
    await daemon.next('synced')
    await user.release('2.0.0')
    for (;;) {
      const { changes } = await daemon.next('synced')
      if (changes.length > 0) {
        expect(changes).toContainEqual({ ref: 'tools/one', field: 'version', from: '1.0.0', to: '2.0.0' })
        break
      }
    }
    expect(await user.versions()).toMatchObject({ tools: ['2.0.0'] })
  })

  test('takes neither its own writes nor another sync for an edit', async () => {
    const user = await readyHome(1)
    const daemon = startDaemon(user)
    for (let polls = 0; polls < 3; polls++) await daemon.next('synced')
    await runProgram(['sync'], user)
    for (let polls = 0; polls < 2; polls++) await daemon.next('synced')
    expect(daemon.events.filter(({ event }) => event === 'edited')).toEqual([])
  })

  test('renders what shells read as soon as a registry was edited, before it looks again', async () => {
    const user = await readyHome(never)
    await configure(user, '{ "timeout": 600, "upgrade": "manual" }')
    const daemon = startDaemon(user)
    await daemon.next('synced')
    await user.release('2.0.0; exec sleep 600')
    await addTool(user, 'added')
    expect(await daemon.next('edited')).toMatchObject({ registries: ['tools'] })
    while (!(await keptAnswers(user)).includes("export NEXUS_HAS_ADDED='0'")) await delay(20)
    expect(daemon.events.filter(({ event }) => event === 'synced')).toHaveLength(1)
    daemon.child.kill('SIGTERM')
    expect(await daemon.ended).toBe(0)
  })

  test('looks for what was added to a registry', async () => {
    const user = await readyHome(never)
    const daemon = startDaemon(user)
    await daemon.next('synced')
    await addTool(user, 'added')
    await daemon.next('edited')
    const { changes } = await daemon.next('synced')
    expect(changes).toEqual([{ ref: 'tools/added', field: 'status', from: null, to: 'absent' }])
  })

  test('sees an edit that replaces the file, one of a file that it never writes, and one after another', async () => {
    const user = await readyHome(never)
    const daemon = startDaemon(user)
    await daemon.next('synced')
    const file = nodePath.join(user.home, 'model_registry.json')
    for (const text of ['{}', '{ "x-note": 1 }', '{ "x-note": 2 }']) {
      await writeFile(`${file}.new`, text)
      await rename(`${file}.new`, file)
      expect(await daemon.next('edited')).toMatchObject({ registries: ['models'] })
      await daemon.next('synced')
    }
  })

  test('goes on when an edit breaks a registry, and says so with each sync', async () => {
    const user = await readyHome(never)
    const daemon = startDaemon(user)
    await daemon.next('synced')
    await writeFile(nodePath.join(user.home, 'model_registry.json'), '{ "a": ')
    await daemon.next('edited')
    expect(await daemon.next('synced')).toMatchObject({
      level: 'warn',
      warnings: expect.arrayContaining([expect.stringContaining('model_registry.json:1:')]),
    })
  })

  test('tells of a home that disappears, and goes on when it is back', async () => {
    const user = await readyHome(1)
    const daemon = startDaemon(user)
    await daemon.next('synced')
    await rename(user.home, `${user.home}.away`)
    expect(await daemon.next('failed')).toMatchObject({
      level: 'error',
      during: 'sync',
      error: `The registry home ${user.home} is not there`,
      failures: 1,
    })
    expect(await daemon.next('failed')).toMatchObject({ failures: 2 })
    await rename(`${user.home}.away`, user.home)
    await daemon.next('synced')
  })

  test('watches a home that was exchanged for another one', async () => {
    const user = await readyHome(1)
    const daemon = startDaemon(user)
    await daemon.next('synced')
    await rename(user.home, `${user.home}.away`)
    await daemon.next('failed')
    await writeVersionedHome(user.directory)
    await setInterval(user, never)
    // This poll reads the interval: from here on only an edit brings another one.
    await daemon.next('synced')
    await addTool(user, 'added')
    const found = { ref: 'tools/added', field: 'status', from: null, to: 'absent' }
    for (;;) if ((await daemon.next('synced')).changes.some(({ ref }) => ref === found.ref)) break
  })
})

describe('SIGHUP', () => {
  test('has it read its configuration anew, and sync at once', async () => {
    const user = await readyHome(never)
    const daemon = startDaemon(user)
    await daemon.next('synced')
    const file = await configure(user, '{ "timeout": 0.2 }')
    await user.release('3.0.0; sleep 20')
    daemon.child.kill('SIGHUP')
    expect(await daemon.next('reloaded')).toMatchObject({ files: [file] })
    const { changes } = await daemon.next('synced')
    expect(changes).toContainEqual({ ref: 'tools/one', field: 'version', from: '1.0.0', to: '3.0.0' })
  })

  test('with a configuration that cannot be used is told, and the old one goes on', async () => {
    const user = await readyHome(never)
    const daemon = startDaemon(user)
    await daemon.next('synced')
    const file = await configure(user, '{ "timeout": "soon" }')
    daemon.child.kill('SIGHUP')
    expect(await daemon.next('failed')).toMatchObject({
      during: 'reload',
      error: expect.stringContaining(file),
    })
    await daemon.next('synced')
  })
})

test('tokens from files are hidden in its log, and new ones after SIGHUP', async () => {
  const user = await readyHome(never)
  const tokens = ['sekret-old-token', 'sekret-new-token']
  const files = tokens.map((_, index) => nodePath.join(user.directory, `token${index}`))
  await Promise.all(files.map((file, index) => writeFile(file, `${tokens[index]}\n`, { mode: 0o600 })))
  const nameToken = (file: string | undefined) =>
    configure(user, JSON.stringify({ upstreams: { 'https://one.example': { token_file: file } } }))
  await nameToken(files[0])
  const broken = { m: { provider: 'acme', context_tokens: `${tokens[0]} ${tokens[1]}` } }
  await writeFile(nodePath.join(user.home, 'model_registry.json'), JSON.stringify(broken))
  const daemon = startDaemon(user)
  const seen = async () => {
    const { warnings } = await daemon.next('synced')
    const text = warnings.join()
    expect(text).toContain('[hidden]')
    return tokens.map(token => text.includes(token))
  }
  expect(await seen()).toEqual([false, true])
  await nameToken(files[1])
  daemon.child.kill('SIGHUP')
  expect(await seen()).toEqual([true, false])
})

describe('the end', () => {
  test.each([
    ['SIGTERM', 0],
    ['SIGINT', 130],
  ] as const)('%s ends it with %i, between two polls', async (signal, code) => {
    const user = await readyHome(never)
    const daemon = startDaemon(user)
    await daemon.next('synced')
    daemon.child.kill(signal)
    expect(await daemon.ended).toBe(code)
    expect(daemon.events.at(-1)).toMatchObject({ event: 'stopping', reason: signal })
    expect(daemon.notes).toEqual([])
    expect(await claimsOf(user)).toEqual([])
  })

  test.each([
    ['SIGTERM', 0],
    ['SIGINT', 130],
  ] as const)(
    '%s in the middle of a sync ends it with %i, and what it was busy with',
    async (signal, code) => {
      const user = await readyHome(never)
      const started = nodePath.join(user.directory, 'started')
      await user.release(`1.0.0; echo $$ >${started}.new; mv ${started}.new ${started}; exec sleep 600`)
      const daemon = startDaemon(user, '--timeout', '600')
      const pid = Number(await waitForText(started))
      daemon.child.kill(signal)
      expect(await daemon.ended).toBe(code)
      expect(daemon.events.map(({ event }) => event)).toEqual(['started', 'stopping'])
      expect(() => process.kill(pid, 0)).toThrow('ESRCH')
      expect(await leftoversIn(user.home)).toEqual([])
      expect(await claimsOf(user)).toEqual([])
    },
  )

  test('at any moment leaves whole files', { timeout: 120_000 }, async () => {
    const user = await readyHome(1)
    await runInProcess(['sync'], user)
    for (let round = 2; round <= 12; round++) {
      await user.release(`${round}.0.0`)
      const daemon = startDaemon(user)
      await daemon.next('started')
      await delay(Math.random() * 200)
      daemon.child.kill('SIGTERM')
      expect(await daemon.ended).toBe(0)
      const { tools, ml_frameworks } = await user.versions()
      expect(tools).toEqual(ml_frameworks)
      expect(await leftoversIn(user.home)).toEqual([])
    }
  })
})

describe('one for each home', () => {
  test('a second one says who keeps it, and ends with 1', async () => {
    const user = await readyHome(never)
    const daemon = startDaemon(user)
    await daemon.next('synced')
    const second = startDaemon(user)
    expect(await second.ended).toBe(1)
    const [held, hint] = second.notes
    expect(held).toMatch(
      new RegExp(`process ${daemon.child.pid} already syncs ${user.home}, since \\d{4}-\\d\\d-\\d\\dT`),
    )
    expect(hint).toContain(`ps -p ${daemon.child.pid}`)
    const status = JSON.parse((await runInProcess(['status', '--json'], user)).stdout)
    expect(status.daemon).toMatchObject({ pid: daemon.child.pid, since: expect.any(String) })
  })

  test('of ten that start at once, one goes on', { timeout: 60_000 }, async () => {
    const user = await readyHome(never)
    const daemons = Array.from({ length: 10 }, () => startDaemon(user))
    const codes = await Promise.all(
      daemons.map(daemon => Promise.race([daemon.ended, daemon.next('synced').catch(() => daemon.ended)])),
    )
    expect(codes.filter(code => code === 1)).toHaveLength(9)
    expect(await claimsOf(user)).toHaveLength(2)
  })

  test('one that was killed is followed by the next', async () => {
    const user = await readyHome(never)
    const daemon = startDaemon(user)
    await daemon.next('synced')
    daemon.child.kill('SIGKILL')
    expect(await daemon.ended).toBe('SIGKILL')
    expect(JSON.parse((await runInProcess(['status', '--json'], user)).stdout)).toMatchObject({
      daemon: null,
    })
    const next = startDaemon(user)
    await next.next('synced')
    expect(await claimsOf(user)).toEqual([
      expect.any(String),
      expect.stringContaining(`held-${next.child.pid}-`),
    ])
  })
})

describe('the call', () => {
  test.each([
    [['--watch', '--json'], '--watch cannot be combined with --json'],
    [['--watch', '--dry-run', '--force'], '--watch cannot be combined with --dry-run, --force'],
    [['--log-format', 'json'], '--log-format requires --watch'],
    [['--watch', '--log-format', 'xml'], 'Allowed choices are pretty, json'],
  ])('sync %j is refused', async (args, reason) => {
    const user = await readyHome(never)
    const { code, stderr } = await runInProcess(['sync', ...args], user)
    expect(code).toBe(2)
    expect(stderr).toContain(reason)
  })

  test('with --quiet only says what is wrong', async () => {
    const user = await readyHome(1)
    const daemon = startDaemon(user, '--quiet')
    // When the home goes away as it starts, its lease is written to where the home was.
    while ((await user.versions().catch(() => undefined))?.ml_frameworks[0] !== '1.0.0') await delay(20)
    await rename(user.home, `${user.home}.away`)
    await daemon.next('failed')
    expect(daemon.events.filter(({ event }) => event !== 'failed')).toEqual([])
  })
})

async function waitForText(path: string): Promise<string> {
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => undefined)
    if (text !== undefined) return text
    await delay(20)
  }
}
