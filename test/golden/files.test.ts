import { readdir, readFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { stories } from './support/command-rows.ts'
import { goldenFile, goldenFiles } from './support/golden-text.ts'
import { requestRows } from './support/request-rows.ts'

const names = [
  ...stories.flatMap(({ inOrder, atOnce = [] }) => [...inOrder, ...atOnce]),
  ...requestRows,
  { file: 'serve/log' },
].map(({ file }) => file)

test('each golden file belongs to one row', async () => {
  const entries = await readdir(goldenFiles, { recursive: true, withFileTypes: true })
  const files = entries
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => nodePath.join(parentPath, name))
  expect(names.map(goldenFile).sort()).toEqual(files.sort())
})

test('no golden file has a key, a token or a path of the computer that wrote it', async () => {
  const texts = await Promise.all(names.map(async name => [name, await readFile(goldenFile(name), 'utf8')]))
  const telling = texts.filter(([, text = '']) => /secret-of-acme|nxr_[\w-]{43}|nexus-golden-/.test(text))
  expect(telling.map(([name]) => name)).toEqual([])
})
