import { readFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FoundProgram, ProbeContext, ProbeTarget } from '../../src/detection/probe.ts'
import { readVersion } from '../../src/detection/version.ts'
import { type Bench, createBench } from '../support/bench.ts'
import { createMemoryCache, createTarget } from '../support/probe-context.ts'
import { writeScript } from '../support/processes/script.ts'
import { temporaryDirectory } from '../support/test-host.ts'

async function find(context: ProbeContext, name = 'tool'): Promise<FoundProgram> {
  const { result } = await context.programs.find(name)
  if (result?.kind !== 'found') throw new Error(`${name} is not on PATH`)
  return result
}

const target = (overrides: Partial<ProbeTarget> = {}) =>
  createTarget({ program: 'tool', versionCheck: ['tool', '--version'], ...overrides })

async function read(body: string, overrides: Partial<ProbeTarget> = {}) {
  const { context, install } = await createBench()
  await install('tool', body)
  return readVersion(target(overrides), await find(context), context)
}

async function countRuns(bench: Bench, name = 'tool'): Promise<number> {
  const log = await readFile(nodePath.join(bench.bin, `${name}.log`), 'utf8').catch(() => '')
  return log.split('\n').length - 1
}

describe('what a version command prints', () => {
  test('on stdout', async () => {
    expect(await read('echo "tool version v1.2.3, build abc"')).toEqual({
      version: '1.2.3',
      raw: 'tool version v1.2.3, build abc',
      reason: null,
    })
  })

  test('on stderr when stdout has none', async () => {
    expect(await read('echo hello; echo "tool 17.0.1" >&2')).toMatchObject({ version: '17.0.1' })
    expect(await read('echo 1.0.0; echo 2.0.0 >&2')).toMatchObject({ version: '1.0.0' })
  })

  test('with colours', async () => {
    expect(await read("printf '\\033[1;32mtool\\033[0m \\033[33m2.39.5\\033[0m\\n'")).toMatchObject({
      version: '2.39.5',
      raw: 'tool 2.39.5',
    })
  })

  test('nothing that is a version: null, never a whole line', async () => {
    expect(await read('echo "no idea"')).toEqual({
      version: null,
      raw: 'no idea',
      reason: 'no version was found in what its version command printed',
    })
  })

  test('by a pattern, whose first group is the version', async () => {
    const body = 'echo "Copyright 2024"; echo "Cuda compilation tools, release 12.4, V12.4.131"'
    expect(await read(body, { versionPattern: 'V(\\d+\\.\\d+\\.\\d+)' })).toMatchObject({
      version: '12.4.131',
      raw: 'Cuda compilation tools, release 12.4, V12.4.131',
    })
    expect(await read(body, { versionPattern: 'absent (\\d+)' })).toMatchObject({ version: null })
  })

  test('a pattern that is none has a reason', async () => {
    expect(await read('echo 1.2.3', { versionPattern: '(' })).toMatchObject({
      version: null,
      reason: expect.stringContaining('its version_pattern is not usable: '),
    })
  })

  test('a pattern that could backtrack exponentially is answered', async () => {
    const body = `head -c 60000 /dev/zero | tr '\\0' a`
    expect(await read(body, { versionPattern: '^(a+)+$b' })).toMatchObject({ version: null })
  })

  test('a failing command is believed on stdout, not on stderr', async () => {
    expect(await read('echo "Client Version: v1.32.4"; exit 1')).toMatchObject({ version: '1.32.4' })
    expect(await read('echo "see manual 4.5.6" >&2; exit 3')).toMatchObject({
      version: null,
      reason: 'its version command ended with exit code 3: see manual 4.5.6',
    })
  })

  test.each([
    ['one line', 'echo "ERROR: needs UTF-8" >&2', 'ERROR: needs UTF-8'],
    ['two lines', 'printf "one\\ntwo\\n" >&2', 'one two'],
    ['stdout alone', 'ls / >/dev/null; echo "no licence"', 'no licence'],
    [
      'a long complaint',
      'echo first >&2; head -c 300 /dev/zero | tr "\\0" x >&2; echo >&2; echo last >&2',
      'first … last',
    ],
  ])('the reason carries what a failing command says: %s', async (_what, body, said) => {
    expect(await read(`ls / >/dev/null; ${body}; exit 1`)).toMatchObject({
      version: null,
      reason: `its version command ended with exit code 1: ${said}`,
    })
  })

  test('a command that dies of a signal', async () => {
    expect(await read('kill -KILL $$')).toMatchObject({ reason: 'its version command died of SIGKILL' })
  })
})

describe('a tool that waits', () => {
  test('on stdin, which is closed', async () => {
    expect(await read('read line; echo "tool 1.2.3"')).toMatchObject({ version: '1.2.3' })
  })

  test.each([
    ['LC_ALL', process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'],
    ['NO_COLOR', '1'],
    ['PAGER', 'cat'],
    ['COREPACK_ENABLE_DOWNLOAD_PROMPT', '0'],
    ['CLOUDSDK_CORE_DISABLE_PROMPTS', '1'],
    ['CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK', '1'],
    ['AZURE_CORE_COLLECT_TELEMETRY', '0'],
    ['CHECKPOINT_DISABLE', '1'],
  ])('%s is %s', async (name, value) => {
    expect(await read(`test "$${name}" = "${value}" && echo 1.2.3`)).toMatchObject({ version: '1.2.3' })
  })

  test('for ever: what was printed by the deadline counts', async () => {
    expect(await read('echo "tool 1.2.3"; sleep 60', { timeoutMs: 300 })).toMatchObject({
      version: '1.2.3',
      reason: null,
    })
  })

  test('for ever without a word: no version, and a sentence', async () => {
    expect(await read('sleep 60', { timeoutMs: 300 })).toEqual({
      version: null,
      raw: null,
      reason: 'its version could not be read within 0.3 s',
    })
  })
})

describe('an unchanged tool is never run twice', () => {
  test('the answer is remembered by the identity of the program', async () => {
    const bench = await createBench()
    await bench.install('tool', 'echo 1.2.3')
    for (const mode of ['normal', 'quick', 'normal'] as const) {
      const context = await bench.next({ mode })
      expect(await readVersion(target(), await find(context), context)).toMatchObject({ version: '1.2.3' })
    }
    expect(await countRuns(bench)).toBe(1)
    await bench.install('tool', 'echo 10.20.30')
    const changed = await bench.next()
    expect(await readVersion(target(), await find(changed), changed)).toMatchObject({ version: '10.20.30' })
  })

  test('another command or pattern is another question', async () => {
    const { context, install } = await createBench()
    await install('tool', 'echo "one 1.0 two 2.0 $1"')
    const found = await find(context)
    const ask = (overrides: Partial<ProbeTarget>) => readVersion(target(overrides), found, context)
    expect(await ask({})).toMatchObject({ version: '1.0' })
    expect(await ask({ versionPattern: 'two ([\\d.]+)' })).toMatchObject({ version: '2.0' })
    expect(await ask({ versionCheck: ['tool', '9'], versionPattern: ' (\\d)$' })).toMatchObject({
      version: '9',
    })
  })

  test('a timeout is not remembered', async () => {
    const bench = await createBench()
    await bench.install('tool', 'test "$(wc -l <"$0.log")" -gt 1 && echo 1.2.3 || sleep 60')
    const first = await bench.next()
    const slow = target({ timeoutMs: 300 })
    expect(await readVersion(slow, await find(first), first)).toMatchObject({ version: null })
    const second = await bench.next()
    expect(await readVersion(target(), await find(second), second)).toMatchObject({ version: '1.2.3' })
  })

  test('rubbish in the cache is no answer', async () => {
    const { context, install } = await createBench()
    await install('tool', 'echo 1.2.3')
    const cache = { get: () => ({ version: 7 }), hint: () => undefined, set: () => undefined }
    expect(await readVersion(target(), await find(context), { ...context, cache })).toMatchObject({
      version: '1.2.3',
    })
  })
})

describe('a version whose command may not run', () => {
  test('in a quick sync', async () => {
    const bench = await createBench({}, { mode: 'quick' })
    await bench.install('tool', 'echo 1.2.3')
    expect(await readVersion(target(), await find(bench.context), bench.context)).toMatchObject({
      version: null,
      reason: 'its version is not queried in a quick sync',
    })
    expect(await countRuns(bench)).toBe(0)
  })

  test('without trust', async () => {
    const bench = await createBench()
    await bench.install('tool', 'echo 1.2.3')
    const reading = await readVersion(target({ isTrusted: false }), await find(bench.context), bench.context)
    expect(reading).toMatchObject({ version: null, reason: 'not trusted to run its version command' })
    expect(await countRuns(bench)).toBe(0)
  })

  test('because nothing says how', async () => {
    const { context, install } = await createBench()
    await install('tool', '')
    const reading = await readVersion(target({ versionCheck: undefined }), await find(context), context)
    expect(reading).toEqual({ version: null, raw: null, reason: null })
  })
})

test('another program may report the version, and is searched on PATH', async () => {
  const { context, install } = await createBench()
  await install('tool', 'echo 1.0.0')
  await install('tool-admin', 'echo 2.0.0')
  const found = await find(context)
  const asked = target({ versionCheck: ['tool-admin', '-v'] })
  expect(await readVersion(asked, found, context)).toMatchObject({ version: '2.0.0' })
  expect(await readVersion(target({ versionCheck: ['none-such'] }), found, context)).toMatchObject({
    version: null,
    reason: 'its version command none-such was not found on PATH',
  })
})

test("a shim's target is run, not the shim, and its identity counts", async () => {
  const root = nodePath.join(await temporaryDirectory(), '.pyenv')
  for (const version of ['3.11.7', '3.12.1'])
    await writeScript(nodePath.join(root, 'versions', version, 'bin/tool'), `echo ${version}`)
  const shims = nodePath.join(root, 'shims')
  await writeScript(nodePath.join(shims, 'tool'), `exit 1\nexec "${root}/libexec/pyenv" exec "$program" "$@"`)
  const cache = createMemoryCache()
  for (const version of ['3.11.7', '3.12.1']) {
    const { context } = await createBench({ path: [shims], env: { PYENV_VERSION: version } }, { cache })
    expect(await readVersion(target(), await find(context), context)).toMatchObject({ version })
  }
})
