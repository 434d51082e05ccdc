import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { runProgram } from '../support/processes/run-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

/** A user whose default home is a copy of the shipped files, and what the program has noted of files that it checked. */
async function createUser() {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, '.local/share/nexus-registry')
  await cp('registries', home, { recursive: true })
  const list = () => runProgram(['list', 'tools', '--json'], { directory, env: { PATH: '/nowhere' } })
  const listNotes = () =>
    readdir(nodePath.join(directory, '.cache/nexus-registry/sound')).catch(() => 'nothing')
  return { file: nodePath.join(home, 'tool_registry.json'), list, listNotes }
}

test('shipped files need no check, because the build has validated them', async () => {
  const { list, listNotes } = await createUser()
  const { code, stdout, stderr } = await list()
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(JSON.parse(stdout).length).toBeGreaterThan(10)
  expect(await listNotes()).toBe('nothing')
})

test('an edited file is checked', async () => {
  const { file, list, listNotes } = await createUser()
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('"NEXUS_HAS_JQ"', '7'))
  expect((await list()).stderr).toContain('tools/jq')
  await writeFile(file, text.replace('"display_name": "jq"', '"display_name": "Own jq"'))
  expect(await list()).toMatchObject({ code: 0, stderr: '' })
  expect(await listNotes()).toHaveLength(1)
})
