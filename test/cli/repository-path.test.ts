import { posix, win32 } from 'node:path'
import { expect, test } from 'vitest'
import { toRepositoryPath, toShownPath } from '../../src/cli/commands/validate.ts'

const host = { path: posix, cwd: '/work/step', env: { GITHUB_WORKSPACE: '/work' } }

test.each([
  ['/work/step/a/b.json', 'a/b.json', 'step/a/b.json'],
  ['/work/b.json', '/work/b.json', 'b.json'],
  ['/else/b.json', '/else/b.json', '/else/b.json'],
  ['/work/step/..b.json', '..b.json', 'step/..b.json'],
  ['<stdin>', '<stdin>', '<stdin>'],
  ['/work/step/::stop-commands::x.json', './::stop-commands::x.json', 'step/::stop-commands::x.json'],
])('%s', (file, shown, inRepository) => {
  expect(toShownPath(file, host)).toBe(shown)
  expect(toRepositoryPath(file, host)).toBe(inRepository)
})

test('services want / on Windows, too', () => {
  const windows = { path: win32, cwd: 'C:\\work', env: {} }
  expect(toRepositoryPath('C:\\work\\a\\b.json', windows)).toBe('a/b.json')
  expect(toRepositoryPath('D:\\a\\b.json', windows)).toBe('D:/a/b.json')
})
