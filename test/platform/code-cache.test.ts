import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { program as self } from '../../src/lib/program.ts'
import { runProgram } from '../support/processes/run-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const half = (code: Buffer) => Math.floor(code.length / 2)

// V8 ends the process, or never ends, on most of these: a disk, a crash or a restored backup may leave any of them.
const corruptions: readonly [string, (code: Buffer) => Buffer][] = [
  ['nothing at all', () => Buffer.alloc(0)],
  ['its first bytes', code => code.subarray(0, 20)],
  ['its first half', code => code.subarray(0, half(code))],
  ['all but its last byte', code => code.subarray(0, -1)],
  ['a byte more', code => Buffer.concat([code, Buffer.of(0)])],
  ['text', () => Buffer.from('no code\n'.repeat(5000))],
  ['zeros', code => Buffer.alloc(code.length)],
  ['a hole of zeros', code => Buffer.from(code).fill(0, half(code), half(code) + 4096)],
  ['a stretch of other bytes', code => Buffer.from(code).fill(0xa5, half(code), half(code) + 256)],
  ['one other bit', code => Buffer.from(code).fill((code[half(code)] ?? 0) ^ 1, half(code), half(code) + 1)],
]

async function keepCode() {
  const directory = await temporaryDirectory()
  const call = () => runProgram(['--version'], { directory, isUntouched: true })
  await call()
  const folder = nodePath.join(directory, '.cache/nexus-registry/code')
  const [name = ''] = await readdir(folder)
  return { call, folder, file: nodePath.join(folder, name) }
}

test('compiled code that can be believed is left as it is', async () => {
  const { call, file } = await keepCode()
  const kept = await readFile(file)
  expect(await call()).toMatchObject({ code: 0 })
  expect((await readFile(file)).equals(kept)).toBe(true)
})

test.each(corruptions)('compiled code that is now %s is not run, and is written anew', async (_, corrupt) => {
  const { call, folder, file } = await keepCode()
  const corrupted = corrupt(await readFile(file))
  await writeFile(file, corrupted)
  expect(await call()).toEqual({ code: 0, stdout: `${self.version}\n`, stderr: '' })
  expect((await readFile(file)).equals(corrupted)).toBe(false)
  expect(await readdir(folder)).toHaveLength(1)
})

test('a directory in the place of compiled code costs nothing but time', async () => {
  const { call, folder, file } = await keepCode()
  await rm(file)
  await mkdir(file)
  expect(await call()).toEqual({ code: 0, stdout: `${self.version}\n`, stderr: '' })
  expect(await readdir(folder)).toEqual([nodePath.basename(file)])
})

test('code of the last three versions of Node is kept, and what is older is deleted', async () => {
  const { call, folder, file } = await keepCode()
  const own = nodePath.basename(file)
  const other = (version: number, build: string) => `v${version}.1.0-x64-${build}-env`
  const kept = [other(22, 'b'), other(24, 'b')]
  const evicted = [other(18, 'b'), other(22, 'a1'), other(22, 'a2'), `${own}.4711`]
  const write = async (name: string, age: number) => {
    const path = nodePath.join(folder, name)
    await writeFile(path, 'code')
    const time = new Date(Date.now() - age * 86_400_000)
    await utimes(path, time, time)
  }
  for (const [index, name] of [...kept, other(22, 'a3'), ...evicted].entries()) await write(name, index + 1)
  await rm(file)
  await call()
  expect((await readdir(folder)).sort()).toEqual([own, ...kept, other(22, 'a3')].sort())
})

test.each(['/proc', '/dev/null', `/${'n'.repeat(300)}`, 'relative', ''])(
  'with HOME=%s a call comes to its end',
  async HOME => {
    const directory = await temporaryDirectory()
    expect(
      await runProgram(['has', 'nodejs'], { directory, env: { HOME }, isUntouched: true }),
    ).toMatchObject({ stderr: '' })
  },
)
