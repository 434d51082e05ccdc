import { spawn } from 'node:child_process'
import { cp, mkdir } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { hearDaemon } from '../support/processes/daemon.ts'
import { collect } from '../support/processes/run-program.ts'
import { splitSystemdWords } from '../support/processes/systemd-words.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const path = `${nodePath.dirname(process.execPath)}:/usr/bin:/bin`

test('what the unit starts is the daemon of that home, from any place', { timeout: 60_000 }, async () => {
  const directory = await temporaryDirectory()
  const installation = nodePath.join(directory, `odd "place" 100% $HOME it's`)
  await mkdir(installation)
  for (const part of ['bin', 'dist', 'registries', 'package.json'])
    await cp(nodePath.resolve(part), nodePath.join(installation, part), { recursive: true })
  const program = nodePath.join(installation, 'bin/nexus-registry')
  const start = (args: readonly string[]) =>
    spawn(program, args, { cwd: directory, env: { PATH: path, HOME: directory } })
  expect(await collect(start(['init', 'my home']))).toMatchObject({ code: 0 })
  const { stdout: unit } = await collect(start(['hook', 'systemd', '--home', 'my home']))

  const valuesOf = (key: string, isCommand: boolean) =>
    unit
      .split('\n')
      .filter(line => line.startsWith(`${key}=`))
      .flatMap(line => splitSystemdWords(line.slice(key.length + 1), { isCommand }))
  const [executable = '', ...args] = valuesOf('ExecStart', true)
  const env = Object.fromEntries(valuesOf('Environment', false).map(pair => pair.split(/=(.*)/s).slice(0, 2)))
  const child = spawn(executable, args, { cwd: '/', env: { ...env, HOME: directory } })
  const daemon = hearDaemon(child)
  expect(await daemon.next('started')).toMatchObject({
    home: nodePath.join(directory, 'my home'),
    pid: child.pid,
  })
  await daemon.next('synced')
  child.kill('SIGTERM')
  expect(await daemon.ended).toBe(0)
})
