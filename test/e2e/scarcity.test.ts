import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { createProcessRunner } from '../../src/platform/node/run-process.ts'
import { giveCompiledCode } from '../support/processes/compiled-code.ts'
import { writeScript } from '../support/processes/script.ts'
import { systemPath } from '../support/shells/system-path.ts'
import { thinOut } from '../support/stress.ts'
import { lastingDirectory, temporaryDirectory } from '../support/test-host.ts'

const main = nodePath.resolve('dist/main.cjs')

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built program with so many file descriptors. */
function runWith(descriptors: number, args: readonly string[], directory: string): Promise<Run> {
  const script = `ulimit -n ${descriptors} && exec "$0" "$@"`
  const env = { PATH: `${directory}/bin:${systemPath}`, HOME: directory }
  giveCompiledCode(env, args)
  return new Promise(resolve => {
    execFile('/bin/sh', ['-c', script, process.execPath, main, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    )
  })
}

describe('with few file descriptors', () => {
  const commands = 12
  let template: string
  /** What `env` prints when there is no want of anything. */
  let plenty: string

  beforeAll(async () => {
    template = await lastingDirectory()
    await mkdir(nodePath.join(template, 'bin'))
    await writeScript(nodePath.join(template, 'bin/slow'), 'sleep 0.02; echo 1.2.3')
    await runWith(1024, ['init', nodePath.join(template, 'home')], template)
    const tools = Object.fromEntries(
      Array.from({ length: commands }, (_, index) => [
        `tool-${index}`,
        { detection: `slow ${index}`, env_var: `NEXUS_HAS_TOOL_${index}` },
      ]),
    )
    await writeFile(nodePath.join(template, 'home/tool_registry.json'), JSON.stringify(tools))
    await runWith(1024, ['trust', nodePath.join(template, 'home')], template)
    plenty = (await runWith(1024, ['env', '--shell', 'json'], await lastingDirectory())).stdout
  })

  // Below 20 Node itself ends; above 64 there is enough for all that runs at once.
  const limits = [20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 32, 36, 40, 48, 56, 64]
  test.each(thinOut(limits, 3))('%d: every probe is answered', async limit => {
    const home = nodePath.join(template, 'home')
    const { code, stdout, stderr } = await runWith(
      limit,
      ['sync', 'tools', '--force', '--dry-run', '--json', '--home', home],
      template,
    )
    expect(stderr).not.toMatch(/Unhandled|defect/)
    expect(code).toBe(0)
    const statuses = Object.values<{ status: string }>(JSON.parse(stdout).detections.tools).map(
      ({ status }) => status,
    )
    expect(statuses).toHaveLength(commands)
    expect(statuses.every(status => status === 'present' || status === 'unknown')).toBe(true)
  })

  test.each(thinOut([20, 21, 22, 24, 28, 40, 64], 3))(
    '%d: `env` prints every variable and ends with 0',
    async limit => {
      const directory = await temporaryDirectory()
      const { code, stdout, stderr } = await runWith(limit, ['env', '--shell', 'json'], directory)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(Object.keys(JSON.parse(stdout))).toEqual(Object.keys(JSON.parse(plenty)))
    },
  )

  test.each([
    ['env', '--fresh'],
    ['has', 'git'],
    ['list'],
    ['validate'],
    ['status'],
    ['doctor'],
    ['graph', '--all'],
    ['query', 'tools'],
    ['explain', 'docker'],
    ['dashboard'],
  ])('20: `%s %s` ends in order', async (...args) => {
    const directory = await temporaryDirectory()
    const { code, stderr } = await runWith(20, args.filter(Boolean), directory)
    expect(stderr).not.toMatch(/Unhandled|defect/)
    expect([0, 1]).toContain(code)
  })
})

describe('a process that cannot be started says why, and ends nothing else', () => {
  test.each([
    ['ENOENT', async (directory: string) => [nodePath.join(directory, 'missing')] as const],
    ['EACCES', async (directory: string) => [directory] as const],
    ['ENOTDIR', async () => ['/dev/null/program'] as const],
    ['ENAMETOOLONG', async () => [`/${'n'.repeat(300)}`] as const],
    ['E2BIG', async () => ['/bin/true', 'x'.repeat(3_000_000)] as const],
    ['EINVAL', async () => ['/bin/true', 'a\0b'] as const],
  ])('%s', async (error, toArgv) => {
    const directory = await temporaryDirectory()
    const [file, ...args] = await toArgv(directory)
    const run = createProcessRunner()
    const request = { env: {}, cwd: directory, timeoutMs: 5000, maxOutputBytes: 1000 }
    expect(await run({ ...request, argv: [file, ...args] })).toMatchObject({ outcome: 'not-started', error })
    expect(await run({ ...request, argv: ['/bin/echo', 'fine'] })).toMatchObject({ stdout: 'fine\n' })
  })
})
