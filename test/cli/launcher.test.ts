import { spawn } from 'node:child_process'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { program as self } from '../../src/lib/program.ts'
import { collect } from '../support/processes/run-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const launcher = nodePath.resolve('bin/nexus-registry')
const usual = { PATH: process.env.PATH }

test('the launcher finds its program through links, absolute and relative ones', async () => {
  const directory = await temporaryDirectory()
  const link = (name: string, target: string) => symlink(target, nodePath.join(directory, name))
  await mkdir(nodePath.join(directory, 'with space'))
  await link('with space/first', launcher)
  await link('second', 'with space/first')
  await link('with space/third', '../second')
  const child = spawn(nodePath.join(directory, 'with space/third'), ['--version'], { env: usual })
  expect(await collect(child)).toEqual({ code: 0, stdout: `${self.version}\n`, stderr: '' })
})

test('it finds its program when a shell is given its bare name', async () => {
  const child = spawn('sh', ['nexus-registry', '--version'], { cwd: nodePath.dirname(launcher), env: usual })
  expect(await collect(child)).toEqual({ code: 0, stdout: `${self.version}\n`, stderr: '' })
})

test('without Node on PATH it says so', async () => {
  const env = { PATH: await temporaryDirectory() }
  const { code, stdout, stderr } = await collect(spawn('/bin/sh', [launcher, 'list'], { env }))
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^error: nexus-registry needs Node 20\.19 or newer.*\nhint: .*\n$/)
})

test.each([
  ['18.20.4', 2],
  ['20.18.9', 2],
  ['20.19.0', 0],
  ['22.0.0', 0],
])('Node %s ends with %i', async (version, expected) => {
  const pretend = `Object.defineProperty(process, 'versions', {value: {...process.versions, node: '${version}'}})`
  const preload = `data:text/javascript,${encodeURIComponent(pretend)}`
  const child = spawn(process.execPath, ['--import', preload, 'dist/main.cjs', '--version'], { env: usual })
  const { code, stderr } = await collect(child)
  expect(code).toBe(expected)
  expect(stderr.includes('needs Node 20.19 or newer')).toBe(expected === 2)
})

test('the hook of bash decides by the same conditions, word for word', async () => {
  const [own, hook] = await Promise.all([launcher, 'shell/hook.bash'].map(file => readFile(file, 'utf8')))
  const conditions = /\n_nexus_registry_asked\(\)[\s\S]*\n# --- end of conditions ---\n/
  expect(own).toMatch(conditions)
  expect(conditions.exec(hook ?? '')?.[0]).toBe(conditions.exec(own ?? '')?.[0])
})
