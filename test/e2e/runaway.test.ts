import { randomUUID } from 'node:crypto'
import { chmod, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ProcessRequest, ProcessResult } from '../../src/platform/host.ts'
import { createProcessRunner } from '../../src/platform/node/run-process.ts'
import { isAlive } from '../../src/platform/node/start-process.ts'
import { processesWith, until } from '../support/processes/processes.ts'
import { writeScript } from '../support/processes/script.ts'
import { temporaryDirectory } from '../support/test-host.ts'

// Every child carries the marker in its command line. "Slow" is far beyond every deadline used here.
const slow = 'sleep 60.$marker'

interface Ran {
  readonly result: ProcessResult
  /** Settles when no process of it is left: a process that was killed takes a moment to go. */
  readonly gone: () => Promise<void>
}

async function run(script: string, options: Partial<ProcessRequest> = {}): Promise<Ran> {
  const directory = await temporaryDirectory()
  const marker = String(BigInt(`0x${randomUUID().replaceAll('-', '')}`))
  const path = await writeScript(nodePath.join(directory, 'tool'), `marker=${marker}\n${script}`)
  const result = await createProcessRunner()({
    argv: [path, marker],
    env: { PATH: process.env.PATH },
    cwd: directory,
    timeoutMs: 10_000,
    maxOutputBytes: 64 * 1024,
    ...options,
  })
  return { result, gone: () => until(() => processesWith(marker).length === 0) }
}

describe('a process that runs away costs its own deadline, and nothing of it survives', () => {
  test('it hangs: what it printed before is kept', async () => {
    const { result, gone } = await run(`echo before; ${slow}`, { timeoutMs: 300 })
    expect(result).toMatchObject({ outcome: 'timed-out', stdout: 'before\n' })
    await gone()
  })

  test('it ignores SIGTERM', async () => {
    const { result, gone } = await run(`trap '' TERM; echo armed; while :; do ${slow}; done`, {
      timeoutMs: 300,
    })
    expect(result).toMatchObject({ outcome: 'timed-out', stdout: 'armed\n', signal: 'SIGKILL' })
    await gone()
  })

  test('it outlives SIGKILL: it is given up at the deadline, and not started again while it lasts', async () => {
    const runner = createProcessRunner()
    const marker = String(BigInt(`0x${randomUUID().replaceAll('-', '')}`))
    const sleep = (seconds: string) =>
      runner({ argv: ['/bin/sleep', seconds], env: {}, cwd: '/', timeoutMs: 300, maxOutputBytes: 1 })
    const deliver = process.kill
    const stop = () => {
      process.kill = deliver
      for (const pid of processesWith(marker)) process.kill(pid, 'SIGKILL')
    }
    onTestFinished(stop)
    // As for a process that sits in a wedged driver: signals are accepted and change nothing.
    process.kill = (pid, signal) => (signal === 0 ? deliver.call(process, pid, 0) : true)
    expect(await sleep(`60.${marker}`)).toMatchObject({ outcome: 'timed-out', exitCode: null, signal: null })
    expect(await sleep('0')).toMatchObject({ outcome: 'not-started', error: 'EBUSY' })
    const pids = processesWith(marker)
    stop()
    await until(() => !pids.some(isAlive))
    expect(pids).toHaveLength(1)
    expect(await sleep('0')).toMatchObject({ outcome: 'exited', exitCode: 0 })
  })

  test('it answers SIGTERM with a last word, which is kept', async () => {
    const { result } = await run(`trap 'echo bye; exit 3' TERM; ${slow} & wait`, { timeoutMs: 300 })
    expect(result).toMatchObject({ outcome: 'timed-out', stdout: 'bye\n', exitCode: 3 })
  })

  test('it floods 100 MB: 64 KiB are kept, it runs to its end, and no more is kept', async () => {
    const { result, gone } = await run('head -c 100000000 /dev/zero; echo done >&2')
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, truncated: true, stderr: 'done\n' })
    expect(result.stdout).toHaveLength(64 * 1024)
    await gone()
  })

  test('it floods without an end', async () => {
    const { result, gone } = await run('exec yes "$1"', { timeoutMs: 500 })
    expect(result).toMatchObject({ outcome: 'timed-out', truncated: true })
    await gone()
  })

  test('a grandchild keeps the pipe open after its parent has gone', async () => {
    const { result, gone } = await run(`(sleep 5; echo late; ${slow}) & echo started`)
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, stdout: 'started\n' })
    await gone()
  })

  test('a grandchild that left the group by setsid keeps the pipe open', async () => {
    const { result, gone } = await run(
      `setsid sh -c 'sleep 5; echo late; ${slow.replace('$marker', '')}'$marker & echo started`,
    )
    expect(result).toMatchObject({ outcome: 'exited', stdout: 'started\n' })
    await gone()
  })

  test('a grandchild left by setsid, and its parent hangs', async () => {
    const { result, gone } = await run(`setsid ${slow} >/dev/null 2>&1 & ${slow}`, { timeoutMs: 500 })
    expect(result.outcome).toBe('timed-out')
    await gone()
  })

  test('a grandchild of the group that let go of the pipe', async () => {
    const { result, gone } = await run(`${slow} >/dev/null 2>&1 & echo started`)
    expect(result).toMatchObject({ outcome: 'exited', stdout: 'started\n' })
    await gone()
  })

  test('the user interrupts', async () => {
    const interrupt = new AbortController()
    const running = run(`trap '' TERM; while :; do ${slow}; done`, { signal: interrupt.signal })
    setTimeout(() => interrupt.abort(), 300)
    const { result, gone } = await running
    expect(result.outcome).toBe('aborted')
    await gone()
  })

  test('the user interrupts while it is being started', async () => {
    const interrupt = new AbortController()
    const running = createProcessRunner()({
      argv: ['/bin/sleep', '8'],
      env: {},
      cwd: '/',
      timeoutMs: 5000,
      maxOutputBytes: 1,
      signal: interrupt.signal,
    })
    interrupt.abort()
    expect((await running).outcome).toBe('aborted')
  })

  test('the user has interrupted before: nothing is started', async () => {
    const { result } = await run('echo ran', { signal: AbortSignal.abort() })
    expect(result).toMatchObject({ outcome: 'aborted', stdout: '' })
  })

  test('this program exits while it runs', async () => {
    const marker = String(BigInt(`0x${randomUUID().replaceAll('-', '')}`))
    const runner = new URL('../../src/platform/node/run-process.ts', import.meta.url).href
    const code = `
      import { createProcessRunner } from ${JSON.stringify(runner)}
      createProcessRunner()({ argv: ['/bin/sleep', '60.${marker}'], env: {}, cwd: '/', timeoutMs: 60000, maxOutputBytes: 1 })
      setTimeout(() => process.exit(0), 1500)`
    const { result } = await run(`exec node --import tsx --input-type=module -e "$CODE"`, {
      env: { PATH: process.env.PATH, CODE: code },
      cwd: nodePath.resolve(import.meta.dirname, '../..'),
      timeoutMs: 20_000,
    })
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, stderr: '' })
    await until(() => processesWith(`60.${marker}`).length === 0)
  })
})

describe('how a process ended', () => {
  test('it exits with a code', async () => {
    const { result } = await run('echo out; echo err >&2; exit 7')
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 7, stdout: 'out\n', stderr: 'err\n' })
  })

  test('it dies of a signal', async () => {
    const { result } = await run('kill -SEGV $$')
    expect(result).toMatchObject({ outcome: 'signaled', signal: 'SIGSEGV', exitCode: null })
  })

  test('it prints thousands of lines on stderr', async () => {
    const { result } = await run('i=0; while [ $i -lt 5000 ]; do echo "line $i" >&2; i=$((i+1)); done')
    expect(result).toMatchObject({ outcome: 'exited', truncated: false, stdout: '' })
    expect(result.stderr.split('\n')).toHaveLength(5001)
  })

  test('a character that the limit cuts in half is dropped', async () => {
    const { result } = await run("printf 'aé'", { maxOutputBytes: 2 })
    expect(result).toMatchObject({ stdout: 'a', truncated: true })
  })

  test('it reads stdin: closed at once, or the text that it was given', async () => {
    expect((await run('cat')).result).toMatchObject({ outcome: 'exited', stdout: '' })
    expect((await run('cat', { input: 'hello' })).result).toMatchObject({ stdout: 'hello' })
  })

  test('it leaves stdin unread', async () => {
    const { result } = await run('exit 0', { input: 'x'.repeat(1_000_000) })
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0 })
  })

  test('it gets the environment of the request and nothing else', async () => {
    const { result } = await run('echo "$ONLY $HOME"', { env: { ONLY: 'this' } })
    expect(result.stdout).toBe('this \n')
  })
})

describe('a process that cannot be started', () => {
  const request = { env: {}, cwd: '/', timeoutMs: 1000, maxOutputBytes: 1 }

  test('nothing is there', async () => {
    const result = await createProcessRunner()({ ...request, argv: ['/nowhere/tool'] })
    expect(result).toMatchObject({ outcome: 'not-started', error: 'ENOENT' })
  })

  test('it is not executable', async () => {
    const path = nodePath.join(await temporaryDirectory(), 'plain')
    await writeFile(path, 'text')
    const result = await createProcessRunner()({ ...request, argv: [path] })
    expect(result).toMatchObject({ outcome: 'not-started', error: 'EACCES' })
  })

  test('its interpreter is missing', async () => {
    const path = nodePath.join(await temporaryDirectory(), 'orphan')
    await writeFile(path, '#!/nowhere/interpreter\n')
    await chmod(path, 0o755)
    const result = await createProcessRunner()({ ...request, argv: [path] })
    expect(result).toMatchObject({ outcome: 'not-started', error: 'ENOENT' })
  })

  test('an argument holds a NUL', async () => {
    const result = await createProcessRunner()({ ...request, argv: ['/bin/echo', 'a\0b'] })
    expect(result).toMatchObject({ outcome: 'not-started', error: 'EINVAL' })
  })

  test('its directory has gone', async () => {
    const result = await createProcessRunner()({ ...request, argv: ['/bin/echo'], cwd: '/nowhere' })
    expect(result).toMatchObject({ outcome: 'not-started', error: 'ENOENT' })
  })
})
