import { execFile } from 'node:child_process'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { systemPath } from '../support/shells/system-path.ts'
import { lastingDirectory } from '../support/test-host.ts'

const execute = promisify(execFile)

/** What people type. Ids of the registry are left out where they are not the name of the program. */
const programs = [
  ...['node', 'npm', 'npx', 'python3', 'pip', 'pip3', 'git', 'docker', 'podman', 'kubectl', 'helm', 'k9s'],
  ...[
    'az',
    'aws',
    'gcloud',
    'gh',
    'uv',
    'uvx',
    'claude',
    'codex',
    'gemini',
    'ollama',
    'jq',
    'yq',
    'rg',
    'fd',
  ],
  ...[
    'fdfind',
    'fzf',
    'bat',
    'batcat',
    'make',
    'cmake',
    'gcc',
    'g++',
    'clang',
    'go',
    'rustc',
    'cargo',
    'java',
  ],
  ...['javac', 'terraform', 'ansible', 'curl', 'wget', 'perl', 'ruby', 'php', 'ssh', 'tmux', 'vim', 'nvim'],
  ...['psql', 'sqlite3', 'openssl', 'zsh', 'bash', 'fish', 'nginx'],
]
const modules = ['torch', 'tensorflow', 'sklearn', 'numpy', 'pandas', 'transformers', 'cv2', 'PIL']

interface Item {
  readonly name: string
  readonly id: string | null
  readonly ready: boolean | null
  readonly status: string
}

const found = new Map<string, Item>()
const expected = new Map<string, boolean>()
const env = { PATH: systemPath }

// One process for all names, one shell and one interpreter for what is expected.
beforeAll(async () => {
  const directory = await lastingDirectory()
  const run = await runInProcess(['has', ...programs, ...modules, '--json'], { directory, env })
  const items: Item[] = JSON.parse(run.stdout)
  for (const item of items) found.set(item.name, item)
  const script = 'for name; do command -v -- "$name" >/dev/null 2>&1 && echo "$name"; done; :'
  const here = await execute('/bin/sh', ['-c', script, 'sh', ...programs], { env, cwd: directory })
  const lines = here.stdout.split('\n')
  for (const name of programs) expected.set(name, lines.includes(name))
  const imports = `
import sys
for name in sys.argv[1:]:
    try:
        __import__(name)
        print(name)
    except Exception:
        pass
`
  const python = await execute(
    '/bin/sh',
    ['-c', 'exec "$(command -v python || command -v python3)" "$@"', 'sh', '-c', imports, ...modules],
    { env, cwd: nodePath.parse(directory).root },
  ).catch(() => ({ stdout: '' }))
  const imported = python.stdout.split('\n')
  for (const name of modules) expected.set(name, imported.includes(name))
}, 120_000)

test.each([...programs, ...modules])('%s', name => {
  const item = found.get(name)
  expect(item?.id, name).not.toBeNull()
  // A program that stands there and does not work is one to a shell.
  const isThere = item?.ready === true || (item?.status === 'broken' && programs.includes(name))
  expect(isThere, JSON.stringify(item)).toBe(expected.get(name))
})

test('are sixty, of which this machine has some and not all', () => {
  expect(programs.length + modules.length).toBeGreaterThanOrEqual(60)
  expect(new Set(expected.values())).toEqual(new Set([true, false]))
})
