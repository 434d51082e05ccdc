import { readFile, rm, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { type VersionedHome, writeVersionedHome } from '../support/homes/versioned-home.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { writeScript } from '../support/processes/script.ts'
import { temporaryDirectory } from '../support/test-host.ts'

async function readyUser() {
  const user = await writeVersionedHome(await temporaryDirectory())
  await user.release('2.5.0')
  return user
}

const has = (user: VersionedHome, ...args: string[]) => runInProcess(['has', ...args], user)

describe('has', () => {
  const answers: [what: string, args: string[], code: number, stdout: RegExp, stderr: RegExp][] = [
    ['says nothing of what is here', ['one'], 0, /^$/, /^$/],
    ['takes a ref', ['ml_frameworks/three'], 0, /^$/, /^$/],
    ['says that nothing is where the ref says', ['tools/three'], 2, /^$/, /nothing is called "tools\/three"/],
    ['takes a range that is satisfied', ['one', '>=2 <3'], 0, /^$/, /^$/],
    ['takes a range that is not', ['one', '^3.0.0'], 1, /^$/, /^$/],
    [
      'says what it found when asked to',
      ['one', '-v'],
      0,
      /^$/,
      /^tools\/one present 2\.5\.0 at \/.*\/one\n$/,
    ],
    ['says why not when asked to', ['one', '>=3', '-v'], 1, /^$/, /one 2\.5\.0 does not satisfy >=3/],
    [
      'prints the detection as JSON',
      ['one', '--json'],
      0,
      /^\{\n {2}"id": "tools\/one",\n {2}"status": "present"/,
      /^$/,
    ],
    ['suggests what a misspelt id means', ['onee'], 2, /^$/, /hint: Did you mean one\?/],
    ['refuses a range that is none', ['one@new'], 2, /^$/, /error: "new" is not a version range/],
    ['takes several, all of which are here', ['one@2', 'two>=2', 'three'], 0, /^$/, /^$/],
    ['prints an array for several', ['one', 'two', '--json'], 0, /^\[\n {2}\{\n {4}"name": "one"/, /^$/],
    [
      'goes on past a name that is not known',
      ['one', 'x9', '-v'],
      2,
      /^$/,
      /^tools\/one present .*\nerror: .*"x9"/,
    ],
  ]
  test.each(answers)('%s', async (_, args, code, stdout, stderr) => {
    const user = await readyUser()
    const run = await has(user, ...args)
    expect(run.code).toBe(code)
    expect(run.stdout).toMatch(stdout)
    expect(run.stderr).toMatch(stderr)
  })

  test('answers no for what is gone since the last sync', async () => {
    const user = await readyUser()
    await runInProcess(['sync'], user)
    expect((await has(user, 'one')).code).toBe(0)
    await rm(nodePath.join(user.directory, 'bin/one'))
    expect((await has(user, 'one')).code).toBe(1)
  })

  test('answers for its own PATH, not for that of the last sync', async () => {
    const user = await readyUser()
    await runInProcess(['sync'], user)
    const other = nodePath.join(user.directory, 'other')
    await writeScript(nodePath.join(other, 'one'), 'echo 9.0.0')
    const env = { PATH: `${other}:/usr/bin:/bin` }
    expect((await runInProcess(['has', 'one', '>=9'], { ...user, env })).code).toBe(0)
    expect((await runInProcess(['has', 'two'], { ...user, env })).code).toBe(1)
    expect((await has(user, 'one', '>=9')).code).toBe(1)
  })

  test('answers from the file while it is fresh, and looks again when it is not', async () => {
    const user = await readyUser()
    await runInProcess(['sync'], user)
    const checkedAt = async () => JSON.parse((await has(user, 'one', '--json')).stdout).checked_at
    const first = await checkedAt()
    expect(await checkedAt()).toBe(first)
    const hyper = { metadata: { sync_interval_seconds: 1, cache_ttl_seconds: 1 } }
    await writeFile(nodePath.join(user.home, 'hyper_registry.json'), JSON.stringify(hyper))
    expect(await checkedAt()).not.toBe(first)
  })

  test('asks for a version that a quick sync has left out', async () => {
    const user = await readyUser()
    await runInProcess(['sync', '--quick'], user)
    expect((await has(user, 'one', '>=2')).code).toBe(0)
    expect((await has(user, 'one', '>=3')).code).toBe(1)
  })

  test.each(['one', 'tools/one'])('names the file when the entry %s is broken', async name => {
    const user = await readyUser()
    const file = nodePath.join(user.home, 'tool_registry.json')
    await writeFile(file, (await readFile(file, 'utf8')).replace('"NEXUS_HAS_ONE"', '"PATH"'))
    const { code, stderr } = await has(user, name)
    expect(code).toBe(2)
    expect(stderr).toContain(`${file} has errors`)
  })

  test('waits no longer than the configuration says', async () => {
    const user = await readyUser()
    await writeScript(nodePath.join(user.directory, 'bin/one'), 'sleep 30')
    const env = { ...user.env, NEXUS_REGISTRY_TIMEOUT: '0.2' }
    const { stderr } = await runInProcess(['has', 'one', '>=2', '-v'], { ...user, env })
    expect(stderr).toContain('could not be read within 0.2 s')
  })
})
