import { spawn, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { soundTexts } from '../support/homes/valid-home.ts'
import { writeVersionedHome } from '../support/homes/versioned-home.ts'
import { hearDaemon, startDaemon } from '../support/processes/daemon.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { type ProgramOptions, runProgram } from '../support/processes/run-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const namespaces = ['--pid', '--fork', '--kill-child', '--mount-proc', '--uts']
const otherMachine = process.getuid?.() === 0 ? namespaces : ['--map-root-user', ...namespaces]
const isPermitted = spawnSync('unshare', [...otherMachine, 'hostname', 'alpha']).status === 0

/** A daemon that sees no process of this machine, and calls its host alpha. */
function startElsewhere(home: string, { directory, env }: ProgramOptions) {
  const program = [process.execPath, nodePath.resolve('dist/main.cjs')]
  const args = ['sync', '--watch', '--log-format', 'json', '--home', home]
  const child = spawn(
    'unshare',
    [...otherMachine, 'sh', '-c', 'hostname alpha; exec "$@"', 'sh', ...program, ...args],
    {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: directory, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  return hearDaemon(child)
}

test.skipIf(!isPermitted)('machines that share nothing but the home have one daemon', async () => {
  const { home } = await writeVersionedHome(await temporaryDirectory())
  await writeFile(nodePath.join(home, 'hyper_registry.json'), soundTexts.hyper)
  const there = startElsewhere(home, { directory: await temporaryDirectory() })
  await there.next('started')

  const here = { directory: await temporaryDirectory() }
  const second = await runProgram(['sync', '--watch', '--home', home], here)
  expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('on host alpha already syncs ') })
  const status = await runInProcess(['status', '--home', home, '--json'], here)
  expect(JSON.parse(status.stdout).daemon).toMatchObject({
    host: 'alpha',
    lease_renewed_at: expect.any(String),
  })
  const { stdout } = await runInProcess(['status', '--home', home], here)
  expect(stdout).toMatch(/daemon runs on host alpha \(pid 1\), lease renewed /)
  const doctor = await runInProcess(['doctor', '--home', home], here)
  expect(doctor.stdout).toContain('daemon runs on host alpha (pid 1), lease renewed ')

  there.child.kill('SIGKILL')
  await there.ended
  const third = startDaemon(here, '--home', home)
  expect(await third.next('started')).toBeDefined()
})
