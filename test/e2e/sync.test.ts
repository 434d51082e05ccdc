import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { leftoversIn } from '../support/homes/marked-home.ts'
import { mountSmallDisk } from '../support/homes/small-disk.ts'
import { type VersionedHome, writeVersionedHome } from '../support/homes/versioned-home.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { collect, runProgram, startProgram } from '../support/processes/run-program.ts'
import { writeScript } from '../support/processes/script.ts'
import { systemPath } from '../support/shells/system-path.ts'
import { rounds } from '../support/stress.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const sync = (user: VersionedHome, ...args: string[]) => runInProcess(['sync', ...args], user)

// A user whose tools, and whose framework, leave something wherever they can.
async function littering() {
  const directory = await temporaryDirectory()
  const at = (name: string) => nodePath.join(directory, name)
  await mkdir(at('tmp'))
  const leave = `for place in "$HOME" "$TMPDIR" . "$HOME/.config/gcloud/logs"
do mkdir -p "$place" && echo left >"$place/$(basename "$0").log"; done`
  for (const name of ['docker', 'gcloud', 'az', 'git'])
    await writeScript(at(`bin/${name}`), `${leave}\necho "${name} version 1.2.3"`)
  await mkdir(at('modules'))
  await writeFile(
    at('modules/keras.py'),
    'import os, tempfile\nos.makedirs(os.path.expanduser("~/.keras"))\nopen(os.path.join(tempfile.gettempdir(), "k"), "w")\n__version__ = "3.0.0"\n',
  )
  const env = {
    PATH: `${at('bin')}:${systemPath}`,
    TMPDIR: at('tmp'),
    PYTHONPATH: at('modules'),
  }
  return { directory, env }
}

/** Every directory below a directory, and every file with when it was changed. */
async function snapshotOf(directory: string): Promise<[name: string, changed: number][]> {
  const names = await readdir(directory, { recursive: true })
  return Promise.all(
    names.sort().map(async (name): Promise<[string, number]> => {
      const info = await lstat(nodePath.join(directory, name))
      return [name, info.isFile() ? info.mtimeMs : 0]
    }),
  )
}

async function readyHome() {
  const user = await writeVersionedHome(await temporaryDirectory())
  await user.release('1.0.0')
  return user
}

describe('a sync', () => {
  test.each([1, 2])(
    'that is killed at random moments leaves old or new files, never a mixture (lane %i)',
    { timeout: 240_000 },
    async () => {
      const user = await readyHome()
      await sync(user)
      let last = '1.0.0'
      const newest = 1 + rounds(100)
      for (let round = 2; round <= newest; round++) {
        const next = `${round}.0.0`
        await user.release(next)
        const child = startProgram(['sync'], user)
        const ended = collect(child)
        await delay(Math.random() * 300)
        child.kill('SIGKILL')
        await ended
        const { tools, ml_frameworks } = await user.versions()
        for (const versions of [tools, ml_frameworks]) expect([[last], [next]]).toContainEqual(versions)
        if (tools[0] !== ml_frameworks[0] || round % 10 === 0) await sync(user)
        ;[last = next] = (await user.versions()).tools
      }
      await sync(user)
      expect(await user.versions()).toEqual({ tools: [`${newest}.0.0`], ml_frameworks: [`${newest}.0.0`] })
      expect(await leftoversIn(user.home)).toEqual([])
    },
  )

  test('beside many others loses nothing', { timeout: 120_000 }, async () => {
    const user = await readyHome()
    const runs = await Promise.all(Array.from({ length: rounds(50) }, () => runProgram(['sync'], user)))
    expect(runs.map(({ code }) => code)).toEqual(runs.map(() => 1))
    expect(await user.versions()).toEqual({ tools: ['1.0.0'], ml_frameworks: ['1.0.0'] })
    expect(await leftoversIn(user.home)).toEqual([])
  })

  test('on a full disk says so, and the old files stand', async ({ skip }) => {
    const directory = await temporaryDirectory()
    if (!mountSmallDisk(directory, '96k')) return skip('mounting is not permitted')
    const user = await writeVersionedHome(await temporaryDirectory(), nodePath.join(directory, 'home'))
    await user.release('1.0.0')
    await sync(user, '--home', user.home, '--quick')
    const before = await readFile(nodePath.join(user.home, 'tool_registry.json'), 'utf8')
    await writeFile(nodePath.join(directory, 'filler'), 'x'.repeat(200_000)).catch(() => undefined)
    const { code, stderr } = await sync(user, '--home', user.home, '--quick')
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error: .*no space is left.*\nhint: /)
    expect(await readFile(nodePath.join(user.home, 'tool_registry.json'), 'utf8')).toBe(before)
  })

  test('passes over a broken entry, finds the others, and says so with its exit code', async () => {
    const user = await readyHome()
    const file = nodePath.join(user.home, 'tool_registry.json')
    const tools = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ ...tools, one: { ...tools.one, env_var: 'PATH' } }, null, 2))
    const { code, stdout, stderr } = await sync(user, '--json')
    const report = JSON.parse(stdout)
    expect(code).toBe(1)
    expect(Object.keys(report.detections.tools)).toEqual(['two'])
    expect(stderr).toContain(`${file}:4:16`)
    expect(stderr).toContain('NEXUS_HAS_DOCKER')
  })

  test('writes a broken "detected" anew, having told of it', async () => {
    const user = await readyHome()
    const file = nodePath.join(user.home, 'tool_registry.json')
    const tools = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ ...tools, one: { ...tools.one, detected: { status: 'here' } } }))
    expect((await sync(user)).stderr).toContain('tools/one.detected.status')
    expect((await sync(user)).stderr).not.toContain('tools/one')
    expect(await user.versions()).toMatchObject({ tools: ['1.0.0'] })
  })

  test('reports what it did as JSON, and what has changed since the last time', async () => {
    const user = await readyHome()
    await sync(user)
    await user.release('2.0.0')
    const report = JSON.parse((await sync(user, '--json', '--timings', 'tools')).stdout)
    expect(report).toMatchObject({
      home: user.home,
      started_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      duration_ms: expect.any(Number),
      registries: {
        tools: { status: 'ok', source: 'detection', entries: 2, warnings: [] },
        ml_frameworks: { status: 'ok', source: 'file', entries: 2 },
        hyper: { status: 'missing', source: 'empty', entries: 0 },
      },
      changes: ['one', 'two'].map(id => ({
        ref: `tools/${id}`,
        field: 'version',
        from: '1.0.0',
        to: '2.0.0',
      })),
      detections: { tools: { one: { status: 'present', version: '2.0.0' } }, ml_frameworks: {} },
      timings: [{ ref: 'tools/one', probe: 'path', cached: false }, { ref: 'tools/two' }],
    })
  })

  test('that finds nothing new changes nothing but the time, and starts no process', async () => {
    const user = await readyHome()
    await sync(user)
    const file = nodePath.join(user.home, 'tool_registry.json')
    const before = await readFile(file, 'utf8')
    const report = JSON.parse((await sync(user, '--json', '--timings')).stdout)
    const withoutTimes = (text: string) => text.replace(/"checked_at": ".*"/g, '')
    expect(withoutTimes(await readFile(file, 'utf8'))).toBe(withoutTimes(before))
    expect(report.timings.map(({ cached }: { cached: boolean }) => cached)).toEqual([true, true, true, true])
    expect(report.changes).toEqual([])
  })

  test('leaves an entry alone that was changed while it looked, and does not answer for it', async () => {
    const user = await readyHome()
    const file = nodePath.join(user.home, 'tool_registry.json')
    await sync(user)
    const { two: before } = JSON.parse(await readFile(file, 'utf8'))
    await user.release(`2.0.0; sed -i 's/which two/which nothing/' ${file}`)
    await sync(user)
    const { one, two } = JSON.parse(await readFile(file, 'utf8'))
    expect(one.detected.version).toBe('2.0.0')
    expect(two).toEqual({ ...before, detection: 'which nothing' })
    expect((await runInProcess(['has', 'two'], user)).code).toBe(1)
  })

  test('does not answer for what has changed on PATH while it looked', async () => {
    const user = await readyHome()
    await sync(user)
    await writeScript(
      nodePath.join(user.directory, 'bin/one'),
      'sleep 0.3; rm -f "$(dirname "$0")/two"; echo 2',
    )
    await sync(user)
    expect((await runInProcess(['has', 'two'], user)).code).toBe(1)
  })

  test('--dry-run writes nothing', async () => {
    const user = await readyHome()
    await sync(user, '--dry-run')
    expect((await user.versions()).tools).toEqual(['none'])
  })

  test.each([
    ['in a home where nothing was ever done', []],
    ['beside what earlier calls left', ['sync', '--quick']],
  ])('--dry-run leaves nothing anywhere, %s', async (_, before) => {
    const user = await littering()
    if (before.length > 0) await runInProcess(before, user)
    const there = await snapshotOf(user.directory)
    for (const args of [
      ['sync', '--dry-run', '--force', '--json'],
      ['validate', '--fix', '--dry-run'],
    ]) {
      expect(await runInProcess(args, user)).toMatchObject({ stderr: '' })
    }
    expect(await snapshotOf(user.directory)).toEqual(there)
  })

  test('leaves files of its own alone', async () => {
    const user = await littering()
    const there = await snapshotOf(user.directory)
    await runInProcess(['sync', 'tools', 'ml_frameworks'], user)
    const isOwn = (name: string) => /^\.(?:cache|local\/(?:share|state))\/nexus-registry/.test(name)
    const names = (await snapshotOf(user.directory)).map(([name]) => name).filter(name => !isOwn(name))
    const made = ['.cache', '.local', '.local/share', '.local/state']
    expect(names.filter(name => !made.includes(name))).toEqual(there.map(([name]) => name))
  })

  test('--force asks again what a cache could answer', async () => {
    const user = await readyHome()
    await sync(user)
    const { timings } = JSON.parse((await sync(user, '--force', '--json', '--timings')).stdout)
    expect(timings.every(({ cached }: { cached: boolean }) => !cached)).toBe(true)
  })

  test('of a home that is not trusted finds programs, and runs none of the home’s commands', async () => {
    const user = await readyHome()
    const canary = nodePath.join(user.directory, 'canary')
    await user.release(`1.0.0; touch ${canary}`)
    const copy = nodePath.join(user.directory, 'foreign')
    await runInProcess(['init', copy], user)
    for (const file of ['tool_registry.json', 'ml_framework_registry.json']) {
      await writeFile(nodePath.join(copy, file), await readFile(nodePath.join(user.home, file)))
    }
    const { stdout, stderr } = await sync(user, '--home', copy, '--json')
    expect(JSON.parse(stdout).detections.tools.one).toMatchObject({ status: 'present', version: null })
    expect(stderr).toContain('nexus-registry trust')
    await expect(readFile(canary)).rejects.toThrow('ENOENT')

    await runInProcess(['trust', copy], user)
    const trusted = JSON.parse((await sync(user, '--home', copy, '--json')).stdout)
    expect(trusted.detections.tools.one.version).toBe('1.0.0')
    // Its own write of what it found must not cost the trust.
    const again = JSON.parse((await sync(user, '--home', copy, '--json', '--force')).stdout)
    expect(again.detections.tools.one.version).toBe('1.0.0')
  })
})
