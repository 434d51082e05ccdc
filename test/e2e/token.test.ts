import { chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { runProgram } from '../support/processes/run-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const form = /^nxr_[\w-]{43}\n$/

async function createUser() {
  const directory = await temporaryDirectory()
  const run = (...args: string[]) => runInProcess(['token', ...args], { directory })
  const list = async () => JSON.parse((await run('list', '--json')).stdout)
  return { directory, run, list }
}

async function findFile(directory: string): Promise<string> {
  const tokens = nodePath.join(directory, '.local/state/nexus-registry/tokens')
  const [home = ''] = await readdir(tokens)
  return nodePath.join(tokens, home, 'tokens.json')
}

describe('token create', () => {
  test('prints the token alone on stdout, and the rest beside', async () => {
    const { directory, run, list } = await createUser()
    const { code, stdout, stderr } = await run('create', '--role', 'adapter', '--note', 'CI')
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(form) })
    expect(stderr).toMatch(/^Token [0-9a-f]{8} of .* for adapter, until \d{4}-.*Z\nIt is not shown again\./)
    expect(stderr).not.toContain(stdout.trim())
    expect(await readFile(await findFile(directory), 'utf8')).not.toContain(stdout.trim().slice(4))
    const [{ created_at, expires_at, ...rest }] = await list()
    expect(rest).toEqual({ id: expect.any(String), role: 'adapter', note: 'CI' })
    expect(Date.parse(expires_at) - Date.parse(created_at)).toBeGreaterThan(30 * 86_400_000 - 1000)
  })

  test('prints all of it as JSON', async () => {
    const { run, list } = await createUser()
    const { stdout } = await run('create', '--role', 'admin', '--expires', '12h', '--json')
    const { token, ...info } = JSON.parse(stdout)
    expect(`${token}\n`).toMatch(form)
    expect(await list()).toEqual([info])
  })

  test('warns of a token that never expires', async () => {
    const { run, list } = await createUser()
    const { code, stdout, stderr } = await run('create', '--role', 'admin', '--expires', 'never')
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(form) })
    expect(stderr).toMatch(
      /\nwarning: it never expires\. Revoke it with nexus-registry token revoke [0-9a-f]{8}\n$/,
    )
    expect(await list()).toMatchObject([{ expires_at: null }])
  })

  test('of many processes at once loses none', async () => {
    const { directory, run, list } = await createUser()
    await run('list')
    const made = await Promise.all(
      Array.from({ length: 8 }, () =>
        runProgram(['token', 'create', '--role', 'adapter', '--json'], { directory }),
      ),
    )
    const ids = made.map(({ stdout }) => JSON.parse(stdout).id)
    const listed: { id: string }[] = await list()
    expect(listed.map(({ id }) => id).sort()).toEqual(ids.sort())
  })

  const refused: [what: string, args: string[], trouble: RegExp, hint: RegExp][] = [
    ['no role', ['create'], /a token needs a --role/, /Roles are dashboard-service, .*, admin/],
    ['a misspelt role', ['create', '--role', 'adaptr'], /no role "adaptr"/, /Did you mean "adapter"\?/],
    ['a role like none', ['create', '--role', 'king'], /no role "king"/, /Roles are /],
    ['a time that is none', ['create', '--role', 'admin', '--expires', '1y'], /"1y" is no time/, /30d/],
    ['a long note', ['create', '--role', 'admin', '--note', 'x'.repeat(201)], /at most 200/, /shorter/],
    ['an id', ['create', 'a1', '--role', 'admin'], /token create does not accept "a1"/, /Remove it/],
    ['a misspelt action', ['creat'], /unknown action "creat"/, /Did you mean "create"\?/],
    ['a role to list', ['list', '--role', 'admin'], /token list does not accept --role/, /create/],
    ['nothing to revoke', ['revoke'], /requires the id of a token/, /token list/],
  ]
  test.each(refused)('is refused with %s', async (_, args, trouble, hint) => {
    const { run, list } = await createUser()
    const { code, stdout, stderr } = await run(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(trouble)
    expect(stderr).toMatch(hint)
    expect(await list()).toEqual([])
  })
})

describe('token list and revoke', () => {
  test('show who may, until it is revoked', async () => {
    const { run, list } = await createUser()
    await run('create', '--role', 'adapter', '--note', 'a\u001b[31m note')
    const [{ id }] = await list()
    const shown = (await run('list')).stdout
    expect(shown).toMatch(new RegExp(`${id} +adapter +.*UTC +a\\\\x1b\\[31m note`))
    expect(await run('revoke', id)).toMatchObject({
      code: 0,
      stdout: `Token ${id} for adapter is no longer valid\n`,
    })
    expect(await list()).toEqual([])
    expect(await run('revoke', id)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(id),
    })
    expect(await run('revoke', id, '--json')).toMatchObject({
      code: 1,
      stdout: `${JSON.stringify({ id, revoked: false }, null, 2)}\n`,
    })
  })

  test.each([
    ['is damaged', (path: string) => writeFile(path, '{')],
    ['can be written by other users', (path: string) => chmod(path, 0o666)],
  ])('say that a file which %s makes no token valid, and so does doctor', async (reason, damage) => {
    const { directory, run } = await createUser()
    await run('create', '--role', 'adapter')
    const path = await findFile(directory)
    await damage(path)
    for (const args of [['list'], ['revoke', '00000000'], ['create', '--role', 'admin']]) {
      const { code, stdout, stderr } = await run(...args)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain(reason)
      expect(stderr).toContain('no token is valid')
      expect(stderr).toContain(`hint: Remove ${path}, and create the tokens anew`)
    }
    const { stdout } = await runInProcess(['doctor', '--json'], { directory })
    const found: { check: string }[] = JSON.parse(stdout).findings
    expect(found.filter(({ check }) => check === 'tokens')).toEqual([
      expect.objectContaining({ status: 'error', message: expect.stringContaining('no token is valid') }),
    ])
  })
})
