import { execFileSync } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { files } from '../../src/platform/node/files.ts'
import { temporaryDirectory } from '../support/test-host.ts'

describe('appendLines', () => {
  test.each([
    ['makes a file that is not there', undefined, 'new\n'],
    ['goes on in an empty file', '', 'new\n'],
    ['adds to what is there', 'old\n', 'old\nnew\n'],
    ['ends a last line that is open', 'old', 'old\nnew\n'],
    ['does not take a carriage return for an end', 'old\r', 'old\r\nnew\n'],
  ])('%s', async (_, before, after) => {
    const path = nodePath.join(await temporaryDirectory(), 'file')
    if (before !== undefined) await writeFile(path, before)
    await files.appendLines(path, 'new\n')
    expect(await readFile(path, 'utf8')).toBe(after)
  })

  test('follows a link', async () => {
    const directory = await temporaryDirectory()
    const [path, link] = [nodePath.join(directory, 'file'), nodePath.join(directory, 'link')]
    await writeFile(path, 'old\n')
    await symlink(path, link)
    await files.appendLines(link, 'new\n')
    expect(await readFile(path, 'utf8')).toBe('old\nnew\n')
  })

  test('keeps each of many texts whole, with several writers', async () => {
    const path = nodePath.join(await temporaryDirectory(), 'file')
    const texts = Array.from({ length: 50 }, (_, index) => `${index} ${'x'.repeat(5000)}\n`)
    await Promise.all(texts.map(text => files.appendLines(path, text)))
    const lines = (await readFile(path, 'utf8')).split(/(?<=\n)/)
    expect(lines.filter(line => line !== '\n').toSorted()).toEqual(texts.toSorted())
  })

  test('refuses a directory, a pipe that nobody reads, a device, and a directory that is not there', async () => {
    const directory = await temporaryDirectory()
    const at = (name: string) => nodePath.join(directory, name)
    await mkdir(at('directory'))
    execFileSync('mkfifo', [at('pipe')])
    await expect(files.appendLines(at('directory'), 'x\n')).rejects.toMatchObject({ code: 'EISDIR' })
    await expect(files.appendLines(at('pipe'), 'x\n')).rejects.toMatchObject({ code: 'EINVAL' })
    await expect(files.appendLines('/dev/null', 'x\n')).rejects.toMatchObject({ code: 'EINVAL' })
    await expect(files.appendLines(at('none/file'), 'x\n')).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
