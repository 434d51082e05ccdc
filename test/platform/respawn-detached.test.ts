import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { build } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'
import { respawnDetached } from '../../src/platform/node/create-host.ts'
import { processesWith, until } from '../support/processes/processes.ts'
import { collect } from '../support/processes/run-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

test('what is started again goes on when its starter has ended, in a session of its own, without output', async () => {
  const directory = await temporaryDirectory()
  const [main, file] = [nodePath.join(directory, 'main.mjs'), nodePath.join(directory, 'a b')]
  await buildChild(main)
  onTestFinished(() => writeFile(`${file}.go`, ''))
  const starter = spawn(process.execPath, [main, 'first', file], { cwd: directory })
  // It ends, and so do its pipes: nobody else holds them.
  expect(await collect(starter)).toEqual({ code: 0, stdout: '', stderr: '' })
  await until(() => existsSync(file))
  const { pid, session } = JSON.parse(await readFile(file, 'utf8'))
  expect(session).toBe(pid)
  expect(pid).not.toBe(starter.pid)
  await writeFile(`${file}.go`, '')
  await until(() => existsSync(`${file}.done`) && processesWith(main).length === 0)
})

test('what cannot be started rejects', async () => {
  const { execPath } = process
  onTestFinished(() => {
    process.execPath = execPath
  })
  process.execPath = nodePath.join(await temporaryDirectory(), 'nowhere')
  await expect(respawnDetached([])).rejects.toThrow('ENOENT')
})

async function buildChild(outfile: string): Promise<void> {
  await build({
    entryPoints: [nodePath.resolve('test/support/children/start-again.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  })
}
