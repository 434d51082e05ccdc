import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { readSourceFiles } from '../support/source-files.ts'
import { temporaryDirectory } from '../support/test-host.ts'

// A home that a shell would tear into pieces, expand, or obey.
const hostile = `it's "my" $HOME;touch canary;\`touch canary\`\n-x \u001b[2J`

/** What a printed command is given as arguments when a shell reads it. */
async function readBack(command: string): Promise<string[]> {
  const cwd = await temporaryDirectory()
  const call = command.replace(/^nexus-registry/, 'nexus_registry')
  const script = `nexus_registry() { printf '%s\\0' "$@"; }\n${call}\n`
  const { stdout } = await promisify(execFile)('sh', ['-c', script], { cwd })
  return stdout.split('\0').slice(0, -1)
}

interface Case {
  readonly what: string
  readonly args: (home: string) => string[]
  readonly prepare?: (home: string) => Promise<unknown>
  /** What stands before the command. */
  readonly lead: RegExp
  readonly expected: (home: string) => string[]
}

const breakTools = (home: string) =>
  writeFile(
    nodePath.join(home, 'tool_registry.json'),
    '{"git": {"detection": "own --x", "env_var": "NEXUS_HAS_GIT"}',
  )

const cases: readonly Case[] = [
  {
    what: 'a home that does not exist',
    args: home => ['list', '--home', home],
    prepare: home => rm(home, { recursive: true }),
    lead: /Create it: /,
    expected: home => ['init', home],
  },
  {
    what: 'what comes after init',
    args: home => ['init', home],
    prepare: home => rm(home, { recursive: true }),
    lead: /Next: /,
    expected: home => ['sync', '--home', home],
  },
  {
    what: 'init of a home that is there',
    args: home => ['init', home],
    lead: /Use it with /,
    expected: home => ['--home', home],
  },
  {
    what: 'how to revoke trust',
    args: home => ['trust', home],
    lead: /Revoke with /,
    expected: home => ['trust', '--revoke', home],
  },
  {
    what: 'a registry in which an entry may be broken',
    args: home => ['has', 'git', '--home', home],
    prepare: breakTools,
    lead: /See the errors: /,
    expected: home => ['validate', `${home}/tool_registry.json`],
  },
  {
    what: 'what explain says of a broken registry',
    args: home => ['explain', 'tools', '--home', home],
    prepare: breakTools,
    lead: /(?=nexus-registry validate .*canary)/,
    expected: home => ['validate', home],
  },
  {
    what: 'what doctor says of a broken registry',
    args: home => ['doctor', '--home', home],
    prepare: breakTools,
    lead: /(?=nexus-registry validate .*canary)/,
    expected: home => ['validate', home],
  },
]

test.each(cases)('$what is one command that can be pasted', async ({ args, prepare, lead, expected }) => {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, hostile)
  await runInProcess(['init', home], { directory })
  await prepare?.(home)
  const { stdout, stderr } = await runInProcess(args(home), { directory })
  const lines = `${stdout}\n${stderr}`.split('\n')
  const line = lines.find(each => lead.test(each) && each.includes('canary'))
  const command = line?.slice((lead.exec(line)?.index ?? 0) + (lead.exec(line)?.[0].length ?? 0))
  expect(command, lines.join('\n')).toBeDefined()
  const call = command?.startsWith('--') ? `nexus-registry ${command}` : (command ?? '')
  expect(await readBack(call)).toEqual(expected(home))
})

describe('in the source', () => {
  // A command of ours or of the system with something put in, which is not a word yet.
  const commands =
    /(?:nexus-registry (?:trust|validate|graph|explain|has|show|init|sync|list|token|query|hook) |\b(?:chmod|chown|ls|rm|mkdir|cp|mv|curl) -?)[^`'\n]*?\$\{(?!toShellWord\()([^}]*)\}/g

  // What is put in here is a word already: a flag, a number, a name of ours.
  const words = new Set(['flag', 'name', 'label', 'variable', 'defaultPort', "isDefault ? ''", 'notes.join('])

  test('every printed command quotes what it names', () => {
    const found = readSourceFiles()
      .filter(({ path }) => !path.startsWith('web/') && !path.startsWith('features/env/'))
      .flatMap(({ path, text }) =>
        [...text.matchAll(commands)]
          .filter(([, inner = '']) => ![...words].some(word => inner.startsWith(word)))
          .map(([whole]) => `${path}: ${whole}`),
      )
    expect(found).toEqual([])
  })
})
