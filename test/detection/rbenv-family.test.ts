import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createProgramFinder } from '../../src/detection/programs/program-finder.ts'
import { findOnPath } from '../support/processes/find-on-path.ts'
import { writeScript } from '../support/processes/script.ts'
import { createTestHost, temporaryDirectory } from '../support/test-host.ts'

const run = promisify(execFile)

interface Row {
  readonly name: string
  /** Text of the project's version file. */
  readonly project?: string
  /** Text of the one in the directory below, where the shim is called. */
  readonly below?: string
  /** Text of the user's. */
  readonly user?: string
  /** Value of `PYENV_VERSION` and the like. */
  readonly variable?: string
  /** The version whose program runs; `system` for the rest of PATH, `broken` for none, `unknown` for nothing certain. */
  readonly expected: string
  /** Where a manager differs. */
  readonly but?: Readonly<Record<string, string>>
}

const none = { rbenv: 'broken', nodenv: 'broken' }
const rows: readonly Row[] = [
  { name: 'nothing', expected: 'system' },
  { name: 'a file of the project', project: '3.1.0\n', expected: '3.1.0' },
  { name: 'the nearest file', project: '3.1.0\n', below: '3.2.0\n', expected: '3.2.0' },
  { name: 'the file of the user', user: '3.1.0\n', expected: '3.1.0' },
  { name: "the project's before the user's", project: '3.2.0', user: '3.1.0\n', expected: '3.2.0' },
  { name: 'the variable before all files', project: '3.1.0', variable: '3.2.0', expected: '3.2.0' },
  { name: 'an empty variable', project: '3.1.0', variable: '', expected: '3.1.0' },
  { name: 'system', project: 'system\n', user: '3.1.0', expected: 'system' },
  { name: 'system in the variable', variable: 'system', user: '3.1.0', expected: 'system' },
  { name: 'CRLF', project: '3.1.0\r\n', expected: '3.1.0' },
  { name: 'blanks around', project: '\t 3.1.0 \n', expected: '3.1.0' },
  { name: 'blank lines before', project: '\n\n3.1.0\n', expected: '3.1.0' },
  { name: 'no end of line', project: '3.1.0', expected: '3.1.0' },
  { name: 'words behind', project: '3.1.0 # mine', expected: '3.1.0' },
  {
    name: 'a comment before',
    project: '# mine\n3.1.0\n',
    expected: '3.1.0',
    but: { ...none, jenv: 'broken' },
  },
  { name: 'only a comment', project: '#mine\n', expected: 'system', but: { ...none, jenv: 'broken' } },
  { name: 'an empty file', project: '', expected: 'system' },
  {
    name: 'an empty file below another',
    project: '3.1.0\n',
    below: '',
    expected: 'system',
    but: { rbenv: '3.1.0', nodenv: '3.1.0' },
  },
  { name: 'a file of blanks below another', project: '3.1.0\n', below: ' \n', expected: 'system' },
  {
    name: 'two lines',
    project: '3.3.0\n3.1.0\n',
    expected: '3.1.0',
    but: { rbenv: 'broken', nodenv: 'broken', jenv: 'system' },
  },
  {
    name: 'colons',
    project: '3.3.0:3.1.0\n',
    expected: '3.1.0',
    but: { rbenv: 'broken', nodenv: 'broken', jenv: 'broken' },
  },
  {
    name: 'colons in the variable',
    variable: '3.3.0:3.2.0',
    expected: '3.2.0',
    but: { rbenv: 'broken', nodenv: 'broken', jenv: 'broken' },
  },
  {
    name: 'one that is missing before one that is there',
    project: '9.9.9\n3.1.0\n',
    expected: '3.1.0',
    but: { rbenv: 'broken', nodenv: 'broken', jenv: 'broken', goenv: 'broken' },
  },
  { name: 'a version that is missing', project: '9.9.9\n', expected: 'broken', but: { pyenv: 'system' } },
  {
    name: 'a missing program',
    project: '3.3.0\n',
    expected: 'broken',
    but: { pyenv: 'system', jenv: 'system' },
  },
  {
    name: 'a prefix',
    project: '3.2\n',
    expected: '3.2.10',
    but: { rbenv: 'broken', nodenv: 'broken', jenv: 'broken' },
  },
  {
    name: 'a short prefix',
    project: '3\n',
    expected: 'broken',
    but: { pyenv: 'system' },
  },
  {
    name: "the manager's own prefix",
    project: 'PREFIX-3.1.0\n',
    expected: '3.1.0',
  },
  {
    name: "the manager's own prefix before a prefix",
    project: 'PREFIX-3.2\n',
    expected: '3.2.10',
    but: { rbenv: 'broken', nodenv: 'broken', jenv: 'broken' },
  },
  { name: 'a v', project: 'v3.1.0\n', expected: 'broken', but: { pyenv: 'system', nodenv: '3.1.0' } },
  { name: 'a link to a version', project: 'linked\n', expected: 'linked' },
  { name: 'an option', project: '-x\n', expected: 'broken', but: { pyenv: 'system' } },
  {
    name: 'the name of a built-in property',
    project: 'constructor\n',
    expected: 'broken',
    but: { pyenv: 'system' },
  },
]

/** Ways out of the versions: no manager is asked, since some follow them. */
const waysOut: readonly Row[] = [
  { name: 'a way out', project: '../../project/evil\n', expected: 'system' },
  { name: 'the directory above', project: '..\n', expected: 'system' },
  { name: 'a way out behind a version', project: '3.3.0:../../project/evil\n', expected: 'system' },
  { name: 'a way out in a second line', project: '3.1.0\n../../project/evil\n', expected: '3.1.0' },
  { name: 'a way out in the variable', variable: '../../project/evil', expected: 'system' },
  { name: 'a way out behind a version in the variable', variable: '3.3.0:..', expected: 'system' },
  { name: 'a path', project: '/PROJECT/evil\n', expected: 'system' },
]

const managers = [
  { manager: 'pyenv', prefix: 'PYENV', local: '.python-version', alias: 'python' },
  { manager: 'rbenv', prefix: 'RBENV', local: '.ruby-version', alias: 'ruby' },
  { manager: 'nodenv', prefix: 'NODENV', local: '.node-version', alias: 'node' },
  { manager: 'goenv', prefix: 'GOENV', local: '.go-version', alias: 'go' },
  { manager: 'jenv', prefix: 'JENV', local: '.java-version', alias: 'java' },
] as const

type Manager = (typeof managers)[number]

async function layOut(row: Row, { manager, prefix, local, alias }: Manager) {
  const home = await temporaryDirectory()
  const at = (...parts: string[]) => nodePath.join(home, ...parts)
  const root = at(`.${manager}`)
  const shim = `export ${prefix}_ROOT="${root}"\nexec "/usr/bin/${manager}" exec "\${0##*/}" "$@"`
  await writeScript(nodePath.join(root, 'shims/tool'), shim)
  for (const version of ['3.1.0', '3.2.0', '3.2.10']) {
    await writeScript(nodePath.join(root, 'versions', version, 'bin/tool'), '')
  }
  await mkdir(nodePath.join(root, 'versions/3.3.0/bin'), { recursive: true })
  await symlink('3.2.0', nodePath.join(root, 'versions/linked'))
  await writeScript(at('system/tool'), '')
  await writeScript(at('project/evil/bin/tool'), '')
  await mkdir(at('project/below'))
  const write = async (path: string, text: string | undefined) => {
    const own = text?.replace('PREFIX', alias).replace('PROJECT', at('project'))
    if (own !== undefined) await writeFile(path, own)
  }
  await write(at('project', local), row.project)
  await write(at('project/below', local), row.below)
  await write(nodePath.join(root, 'version'), row.user)
  const env = {
    HOME: home,
    PATH: `${nodePath.join(root, 'shims')}:${at('system')}`,
    [`${prefix}_ROOT`]: root,
    ...(row.variable === undefined ? {} : { [`${prefix}_VERSION`]: row.variable }),
  }
  const describePath = (path: string) => {
    if (path === at('system/tool')) return 'system'
    return nodePath.relative(nodePath.join(root, 'versions'), path).replace('/bin/tool', '')
  }
  return { home, cwd: at('project/below'), env, describePath }
}

type Layout = Awaited<ReturnType<typeof layOut>>

async function find({ home, cwd, env, describePath }: Layout): Promise<string> {
  const host = await createTestHost({ cwd, env, overrides: { userHome: home } })
  const { result } = await createProgramFinder(host).find('tool')
  if (result?.kind === 'found') return describePath(result.target)
  return result?.kind === 'broken' ? 'broken' : 'unknown'
}

/** What the manager itself says, where this machine has it. */
async function ask(program: string, { cwd, env, describePath }: Layout): Promise<string> {
  const path = `${env.PATH}:${nodePath.dirname(program)}:/usr/bin:/bin`
  return run(program, ['which', 'tool'], { cwd, env: { ...env, PATH: path } }).then(
    ({ stdout }) => describePath(stdout.trim()),
    () => 'broken',
  )
}

describe.each(managers)('$manager', manager => {
  test.each(rows)('$name', async row => {
    const layout = await layOut(row, manager)
    const expected = row.but?.[manager.manager] ?? row.expected
    const found = await find(layout)
    const program = await findOnPath(manager.manager)
    const said = program === undefined ? expected : await ask(program, layout)
    expect({ found, said }).toEqual({ found: expected, said: expected })
  })

  test.each(waysOut)('$name', async row => {
    const layout = await layOut(row, manager)
    const found = await find(layout)
    expect(['system', 'broken', 'unknown', '3.1.0']).toContain(found)
  })
})
