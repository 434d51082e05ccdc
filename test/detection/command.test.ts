import { readFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { commandProbe } from '../../src/detection/command.ts'
import type { ProbeContext } from '../../src/detection/probe.ts'
import type { Argv } from '../../src/lib/shell/command-line.ts'
import { createBench } from '../support/bench.ts'
import { createTarget } from '../support/probe-context.ts'

const command: Argv = ['tool', 'info', '$HOME; touch evil']
const target = createTarget({ kind: 'command', program: undefined, command })

async function detect(body: string, overrides: Partial<ProbeContext> = {}, trusted = { isTrusted: true }) {
  const { context, install } = await createBench({}, overrides)
  await install('tool', body)
  return commandProbe.detect({ ...target, timeoutMs: 2000, ...trusted }, context)
}

describe('a command', () => {
  test('that ends with 0 means present, with the path of its program', async () => {
    const { bin, context, install } = await createBench()
    await install('tool', 'test "$1" = -v && echo 1.2.3')
    const finding = await commandProbe.detect(
      { ...target, command: ['tool', '-v'], versionCheck: ['tool', '-v'] },
      context,
    )
    expect(finding).toEqual({
      status: 'present',
      path: nodePath.join(bin, 'tool'),
      version: '1.2.3',
      evidence: 'command',
      reason: null,
      details: { version_raw: '1.2.3' },
    })
  })

  test('gets its arguments as they stand: there is no shell', async () => {
    expect(await detect(`test "$2" = '$HOME; touch evil'`)).toMatchObject({ status: 'present' })
  })

  test('whose program is not there means absent', async () => {
    const { context } = await createBench()
    expect(await commandProbe.detect(target, context)).toMatchObject({
      status: 'absent',
      reason: 'tool was not found on PATH',
    })
  })

  test('that ends otherwise means absent, with its last word', async () => {
    expect(await detect('echo first >&2; printf "\\033[31mno device\\033[0m\\n" >&2; exit 9')).toEqual({
      status: 'absent',
      path: null,
      version: null,
      evidence: null,
      reason: '`tool info $HOME; touch evil` ended with exit code 9: no device',
    })
  })

  test('that does not end in time is unknown, not absent', async () => {
    const { context, install } = await createBench()
    await install('tool', 'sleep 60')
    expect(await commandProbe.detect({ ...target, timeoutMs: 300 }, context)).toMatchObject({
      status: 'unknown',
      reason: '`tool info $HOME; touch evil` did not end within 0.3 s',
    })
  })

  test('that crashes is broken', async () => {
    expect(await detect('kill -SEGV $$')).toMatchObject({
      status: 'broken',
      reason: '`tool info $HOME; touch evil` died of SIGSEGV',
    })
  })

  test('without trust is unknown and does not run', async () => {
    const bench = await createBench()
    await bench.install('tool', 'exit 0')
    const finding = await commandProbe.detect({ ...target, isTrusted: false }, bench.context)
    expect(finding).toMatchObject({ status: 'unknown', reason: 'not trusted' })
    await expect(readFile(nodePath.join(bench.bin, 'tool.log'))).rejects.toThrow('ENOENT')
  })

  test('is not run in a quick sync; the last answer of the same program counts', async () => {
    const { install, next } = await createBench()
    await install('tool', 'exit 4')
    const detectIn = async (mode: 'quick' | 'normal') => commandProbe.detect(target, await next({ mode }))
    expect(await detectIn('quick')).toMatchObject({ status: 'unknown', reason: 'not run in a quick sync' })
    await detectIn('normal')
    expect(await detectIn('quick')).toMatchObject({ status: 'absent', reason: expect.stringContaining('4') })
    await install('tool', 'exit 0 # another one')
    expect(await detectIn('quick')).toMatchObject({ status: 'unknown' })
    await detectIn('normal')
    expect(await detectIn('quick')).toMatchObject({ status: 'present' })
  })
})
