import { link, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ProbeContext } from '../../src/detection/probe.ts'
import { createProgramFinder } from '../../src/detection/programs/program-finder.ts'
import { readVersion } from '../../src/detection/version.ts'
import { createProbeContext, createTarget } from '../support/probe-context.ts'
import { writeScript } from '../support/processes/script.ts'
import { createTestHost, temporaryDirectory } from '../support/test-host.ts'

interface Machine {
  readonly at: (...parts: string[]) => string
  readonly write: (path: string, text: string) => Promise<void>
  readonly script: (path: string, body: string) => Promise<string>
  /** Another interpreter than a shell. */
  readonly text: (path: string, text: string) => Promise<void>
  readonly linkTo: (path: string, target: string) => Promise<void>
  /** The version of a program by a sync of its own, or why there is none. Caches are kept between them. */
  readonly sync: (name: string, env?: Record<string, string>) => Promise<string>
  /** How often `count` was written: scripts that do `echo >>COUNT` leave a line. */
  readonly countRuns: () => Promise<number>
}

/** A machine whose PATH is `bin`, with a project as its working directory. */
async function createMachine(): Promise<Machine> {
  const directory = await temporaryDirectory()
  const at = (...parts: string[]) => nodePath.join(directory, ...parts)
  await mkdir(at('bin'))
  await mkdir(at('home/project'), { recursive: true })
  let cache: ProbeContext['cache'] | undefined
  const write = async (path: string, text: string) => {
    await mkdir(nodePath.dirname(at(path)), { recursive: true })
    await writeFile(at(path), text.replaceAll('ROOT', directory))
  }
  const script = (path: string, body: string) => writeScript(at(path), body.replaceAll('ROOT', directory))
  const sync = async (name: string, env: Record<string, string> = {}) => {
    const host = await createTestHost({
      cwd: at('home/project'),
      env: {
        HOME: at('home'),
        XDG_CACHE_HOME: at('home/.cache'),
        PATH: `${at('bin')}:/usr/bin:/bin`,
        ...env,
      },
      overrides: { userHome: at('home') },
    })
    const programs = createProgramFinder({ ...host, env: { ...host.env, PATH: at('bin') } })
    const context = await createProbeContext(host, { programs, ...(cache ? { cache } : {}) })
    cache = context.cache
    const { result } = await programs.find(name)
    if (result?.kind !== 'found') return result?.kind ?? 'absent'
    const target = createTarget({ program: name, versionCheck: [name, '--version'] })
    const { version, reason } = await readVersion(target, result, context)
    return version ?? reason ?? 'no version'
  }
  return {
    at,
    write,
    script,
    text: async (path, text) => {
      await script(path, '')
      await write(path, text)
    },
    linkTo: async (path, target) => {
      await mkdir(nodePath.dirname(at(path)), { recursive: true })
      await rm(at(path), { force: true })
      await symlink(target.replaceAll('ROOT', directory), at(path))
    },
    sync,
    countRuns: async () => (await readFile(at('COUNT'), 'utf8').catch(() => '')).split('\n').length - 1,
  }
}

interface Launcher {
  readonly name: string
  readonly program: string
  readonly setUp: (machine: Machine) => Promise<unknown>
  /** Chooses another version, without touching what stands on PATH. */
  readonly change: (machine: Machine) => Promise<unknown>
  readonly env?: Record<string, string>
}

const version = (text: string) => `echo 'tool ${text}'`

/** Says 1.0.0 before the change and 2.0.0 after it. */
const launchers: readonly Launcher[] = [
  {
    name: 'snap',
    program: 'kubectl',
    setUp: async ({ script, linkTo }) => {
      await script('usr/bin/snap', 'exec "ROOT/snap/$(basename "$0")/current/bin" "$@"')
      await script('snap/kubectl/1/bin', version('1.0.0'))
      await script('snap/kubectl/2/bin', version('2.0.0'))
      await linkTo('snap/kubectl/current', '1')
      await linkTo('bin/kubectl', 'ROOT/usr/bin/snap')
    },
    change: ({ linkTo }) => linkTo('snap/kubectl/current', '2'),
  },
  {
    name: 'an alias of an application of a snap',
    program: 'kubectl',
    setUp: async ({ script, linkTo }) => {
      await script('usr/bin/snap', 'exec "ROOT/snap/microk8s/current/bin" "$@"')
      await script('snap/microk8s/1/bin', version('1.0.0'))
      await script('snap/microk8s/2/bin', version('2.0.0'))
      await linkTo('snap/microk8s/current', '1')
      await linkTo('bin/microk8s.kubectl', 'ROOT/usr/bin/snap')
      await linkTo('bin/kubectl', 'microk8s.kubectl')
    },
    change: ({ linkTo }) => linkTo('snap/microk8s/current', '2'),
  },
  {
    name: 'a script that reads a file',
    program: 'terraform',
    setUp: async ({ script, write }) => {
      await script('bin/terraform', 'v=$(cat "ROOT/version")\necho "Terraform v$v"')
      await write('version', '1.0.0')
    },
    change: ({ write }) => write('version', '2.0.0'),
  },
  {
    name: 'a script that sources a file',
    program: 'tool',
    setUp: async ({ script, write }) => {
      await script('bin/tool', '. "ROOT/version"\necho "tool $v"')
      await write('version', 'v=1.0.0')
    },
    change: ({ write }) => write('version', 'v=2.0.0'),
  },
  {
    name: 'a script that reads its input from a file',
    program: 'tool',
    setUp: async ({ script, write }) => {
      await script('bin/tool', 'read v <"ROOT/version"\necho "tool $v"')
      await write('version', '1.0.0')
    },
    change: ({ write }) => write('version', '2.0.0'),
  },
  {
    name: 'a script that starts another file beside it',
    program: 'tool',
    setUp: async ({ script }) => {
      await script('bin/tool', 'exec "$(dirname "$0")/../libexec/tool" "$@"')
      await script('libexec/tool', version('1.0.0'))
    },
    change: ({ script }) => script('libexec/tool', version('2.0.0')),
  },
  {
    name: 'a wrapper of a program that is replaced',
    program: 'tool',
    setUp: async ({ script }) => {
      await script('bin/tool', 'exec "ROOT/store/tool" "$@"')
      await script('store/tool', version('1.0.0'))
    },
    change: async ({ script, at }) => {
      await rm(at('store/tool'))
      await script('store/tool', version('2.0.0'))
    },
  },
  {
    name: 'a wrapper of a wrapper',
    program: 'tool',
    setUp: async ({ script }) => {
      await script('bin/tool', 'exec "ROOT/store/one" "$@"')
      await script('store/one', 'exec "ROOT/store/two" "$@"')
      await script('store/two', version('1.0.0'))
    },
    change: async ({ script, at }) => {
      await rm(at('store/two'))
      await script('store/two', version('2.0.0'))
    },
  },
  {
    name: 'a script that a file beside it decides',
    program: 'tool',
    setUp: ({ script }) => script('bin/tool', 'if [ -e "ROOT/new" ]; then echo 2.0.0; else echo 1.0.0; fi'),
    change: ({ write }) => write('new', ''),
  },
  {
    name: 'a script of another interpreter',
    program: 'tool',
    setUp: async ({ text, write }) => {
      await text('bin/tool', '#!/usr/bin/perl\nopen my $f, "<", "ROOT/version"; print "tool ", <$f>;\n')
      await write('version', '1.0.0')
    },
    change: ({ write }) => write('version', '2.0.0'),
  },
  {
    name: 'a link to a launcher of another name',
    program: 'gh',
    setUp: async ({ script, linkTo, write }) => {
      await script('lib/aqua-proxy', 'cat ROOT/version')
      await linkTo('bin/gh', 'ROOT/lib/aqua-proxy')
      await write('version', '1.0.0')
    },
    change: ({ write }) => write('version', 'two 2.0.0'),
  },
  {
    name: 'rustup, whose default is changed',
    program: 'rustc',
    setUp: async machine => {
      await layOutRustup(machine)
      await machine.write(
        'home/.rustup/settings.toml',
        'default_toolchain = "1.0-x86_64-unknown-linux-gnu"\n',
      )
    },
    change: ({ write }) =>
      write('home/.rustup/settings.toml', 'default_toolchain = "2.0-x86_64-unknown-linux-gnu"\n'),
  },
  {
    name: 'rustup, whose project chooses',
    program: 'rustc',
    setUp: async machine => {
      await layOutRustup(machine)
      await machine.write(
        'home/.rustup/settings.toml',
        'default_toolchain = "1.0-x86_64-unknown-linux-gnu"\n',
      )
    },
    change: ({ write }) => write('home/project/rust-toolchain.toml', '[toolchain]\nchannel = "2.0"\n'),
  },
  {
    name: 'rustup, whose toolchain is a link',
    program: 'cargo',
    setUp: async machine => {
      await layOutRustup(machine)
      await machine.linkTo('home/.rustup/toolchains/own', '1.0-x86_64-unknown-linux-gnu')
      await machine.write('home/.rustup/settings.toml', 'default_toolchain = "own"\n')
    },
    change: ({ linkTo }) => linkTo('home/.rustup/toolchains/own', '2.0-x86_64-unknown-linux-gnu'),
  },
  {
    name: 'tfenv, by the file of the user',
    program: 'terraform',
    setUp: async machine => {
      await layOutTfenv(machine)
      await machine.write('tfenv/version', '1.0.0\n')
    },
    change: ({ write }) => write('tfenv/version', '2.0.0\n'),
  },
  {
    name: 'tfenv, by the file of the project',
    program: 'terraform',
    setUp: async machine => {
      await layOutTfenv(machine)
      await machine.write('tfenv/version', '1.0.0\n')
    },
    change: ({ write }) => write('home/.terraform-version', '2.0.0\n'),
  },
  {
    name: 'corepack, by packageManager',
    program: 'pnpm',
    setUp: async ({ write, script, linkTo }) => {
      await script('lib/node_modules/corepack/dist/pnpm.js', version('9.9.9'))
      await linkTo('bin/pnpm', 'ROOT/lib/node_modules/corepack/dist/pnpm.js')
      await write('home/.cache/node/corepack/v1/pnpm/1.0.0/package.json', '{}')
      await write('home/.cache/node/corepack/v1/pnpm/2.0.0/package.json', '{}')
      await write('home/project/package.json', '{"packageManager":"pnpm@1.0.0+sha256.abc"}')
    },
    change: ({ write }) => write('home/project/package.json', '{"packageManager":"pnpm@2.0.0"}'),
  },
  {
    name: 'a package that is developed',
    program: 'tool',
    setUp: async ({ text, write, linkTo }) => {
      await write('node_modules/tool/package.json', '{"name":"tool","version":"1.0.0","bin":"cli.js"}')
      const print = 'console.log(require("./package.json").version)'
      await text('node_modules/tool/cli.js', `#!/usr/bin/env node\n${print}\n`)
      await linkTo('bin/tool', 'ROOT/node_modules/tool/cli.js')
    },
    change: ({ write }) =>
      write('node_modules/tool/package.json', '{"name":"tool","version":"2.0.0","bin":"cli.js"}'),
    env: { PATH: `${nodePath.dirname(process.execPath)}:/usr/bin:/bin` },
  },
]

async function layOutRustup({ at, script }: Machine): Promise<void> {
  await script('bin/rustup', 'exit 1')
  for (const name of ['rustc', 'cargo']) {
    await link(at('bin/rustup'), at('bin', name))
    for (const number of ['1.0', '2.0']) {
      const toolchain = `home/.rustup/toolchains/${number}-x86_64-unknown-linux-gnu`
      await script(`${toolchain}/bin/${name}`, version(`${number}.0`))
    }
  }
}

async function layOutTfenv({ script, linkTo }: Machine): Promise<void> {
  await script('tfenv/bin/terraform', 'export TFENV_ROOT="ROOT/tfenv"\nexec "$(which tfenv)" exec "$@"')
  for (const number of ['1.0.0', '2.0.0']) await script(`tfenv/versions/${number}/terraform`, version(number))
  await linkTo('bin/terraform', 'ROOT/tfenv/bin/terraform')
}

describe('another version behind a launcher is seen by the next sync', () => {
  test.each(launchers)('$name', async ({ program, setUp, change, env }) => {
    const machine = await createMachine()
    await setUp(machine)
    expect(await machine.sync(program, env)).toBe('1.0.0')
    await change(machine)
    expect(await machine.sync(program, env)).toBe('2.0.0')
  })

  test.each([
    ['a variable that a script reads', 'echo "tool ${CHOSEN:-1.0.0}"', { CHOSEN: '2.0.0' }],
    [
      'a variable that chooses the program',
      'exec "${CHOSEN:-ROOT/store/1}/tool" "$@"',
      { CHOSEN: 'ROOT/store/2' },
    ],
    ['a variable of a path', 'exec "$CHOSEN/tool" "$@"', { CHOSEN: 'ROOT/store/2' }],
  ])('%s', async (_, body, env) => {
    const machine = await createMachine()
    await machine.script('bin/tool', body)
    for (const number of ['1', '2']) await machine.script(`store/${number}/tool`, version(`${number}.0.0`))
    const chosen = env.CHOSEN.replace('ROOT', machine.at())
    await machine.sync('tool', { CHOSEN: chosen.replaceAll('2', '1') })
    expect(await machine.sync('tool', { CHOSEN: chosen })).toBe('2.0.0')
  })

  test('TFENV_TERRAFORM_VERSION and RUSTUP_TOOLCHAIN choose before files', async () => {
    const machine = await createMachine()
    await layOutTfenv(machine)
    await layOutRustup(machine)
    await machine.write('tfenv/version', '1.0.0\n')
    expect(await machine.sync('terraform', { TFENV_TERRAFORM_VERSION: '2.0.0' })).toBe('2.0.0')
    expect(await machine.sync('rustc', { RUSTUP_TOOLCHAIN: '2.0' })).toBe('2.0.0')
  })
})

describe('what starts nothing else is run once', () => {
  test.each([
    ['a script that only prints', 'bin/tool', 'echo >>ROOT/COUNT\necho "tool 1.0.0"'],
    ['a script with conditions', 'bin/tool', 'set -e\necho >>ROOT/COUNT\n[ "$1" = x ] || echo "tool 1.0.0"'],
    ['a script with a variable', 'bin/tool', 'v=1.0.0\necho >>ROOT/COUNT\necho "tool $v"'],
  ])('%s', async (_, path, body) => {
    const machine = await createMachine()
    await machine.script(path, body)
    expect([await machine.sync('tool'), await machine.sync('tool')]).toEqual(['1.0.0', '1.0.0'])
    expect(await machine.countRuns()).toBe(1)
  })

  test.each([
    ['a wrapper', 'exec "ROOT/store/tool" "$@"'],
    ['a wrapper with variables', 'DIR=ROOT/store\nA=1 B="$HOME" exec "${DIR}/tool" "$@"'],
    ['a wrapper by env', 'exec env -u X A=1 ROOT/store/tool ${1+"$@"}'],
  ])('%s', async (_, body) => {
    const machine = await createMachine()
    await machine.script('bin/tool', body)
    await machine.script('store/tool', 'echo >>ROOT/COUNT\necho "tool 1.0.0"')
    expect([await machine.sync('tool'), await machine.sync('tool')]).toEqual(['1.0.0', '1.0.0'])
    expect(await machine.countRuns()).toBe(1)
  })

  test.each([
    [
      'a script of pip',
      'import re\nimport sys\nfrom os import write\nwrite(1, b"tool 1.0.0")\nsys.exit(0)',
      1,
    ],
    ['one that looks at a variable', 'import os\nos.environ.get("LC_CTYPE")\nprint("tool 1.0.0")', 1],
    ['one that starts something', 'import os\nos.execv("ROOT/store/tool", ["tool"])', 2],
    ['one that reads something', 'print("tool " + open("ROOT/store/version").read())', 2],
  ])('in Python, %s', async (_, body, times) => {
    const machine = await createMachine()
    // A shell stands for Python, and counts.
    await machine.script('py/bin/python3', `echo >>ROOT/COUNT\necho "tool 1.0.0"`)
    await machine.text('bin/tool', `#!ROOT/py/bin/python3\n${body}\n`)
    expect([await machine.sync('tool'), await machine.sync('tool')]).toEqual(['1.0.0', '1.0.0'])
    expect(await machine.countRuns()).toBe(times)
  })

  test('a wrapper of Nix', async () => {
    const machine = await createMachine()
    await machine.text(
      'bin/tool',
      `#! /bin/bash -e\nPATH=\${PATH:+':'$PATH':'}\nPATH='/nix/bin'$PATH\nexport PATH\nexec -a "$0" "ROOT/store/tool"  "$@" \n`,
    )
    await machine.script('store/tool', 'echo >>ROOT/COUNT\necho "tool 1.0.0"')
    expect([await machine.sync('tool'), await machine.sync('tool')]).toEqual(['1.0.0', '1.0.0'])
    expect(await machine.countRuns()).toBe(1)
  })

  test('a distribution that is updated as a whole', async () => {
    const machine = await createMachine()
    await machine.script(
      'sdk/bin/gcloud',
      'd=$(dirname "$0")\necho >>ROOT/COUNT\necho "Google Cloud SDK 1.0.0"',
    )
    await machine.write('sdk/VERSION', '1.0.0')
    await machine.linkTo('bin/gcloud', 'ROOT/sdk/bin/gcloud')
    await machine.sync('gcloud')
    await machine.sync('gcloud')
    expect(await machine.countRuns()).toBe(1)
    await machine.write('sdk/VERSION', '10.0.0')
    await machine.sync('gcloud')
    expect(await machine.countRuns()).toBe(2)
  })

  test('one file that is two programs is two programs', async () => {
    const machine = await createMachine()
    await machine.script('bin/busybox', 'case "$0" in *one) echo 1.0.0 ;; *) echo 2.0.0 ;; esac')
    await machine.linkTo('bin/one', 'busybox')
    await machine.linkTo('bin/two', 'busybox')
    expect([await machine.sync('one'), await machine.sync('two')]).toEqual(['1.0.0', '2.0.0'])
  })
})

describe('rustup', () => {
  const settings = 'home/.rustup/settings.toml'
  test.each([
    ['an override', { [settings]: '[overrides]\n"ROOT/home" = "2.0"\n' }, '2.0.0'],
    [
      'the nearest counts',
      { [settings]: '[overrides]\n"ROOT/home" = "2.0"\n', 'home/project/rust-toolchain': '1.0\n' },
      '1.0.0',
    ],
    ['the older form', { 'home/project/rust-toolchain': '2.0\n' }, '2.0.0'],
    [
      'components alone',
      {
        [settings]: 'default_toolchain = "2.0"\n',
        'home/project/rust-toolchain.toml': '[toolchain]\ncomponents = ["x"]\n',
      },
      '2.0.0',
    ],
    ['a toolchain that is missing', { 'home/project/rust-toolchain': 'nightly\n' }, 'uncertain'],
    ['a way out', { 'home/project/rust-toolchain': '../../evil\n' }, 'uncertain'],
    ['a path', { 'home/project/rust-toolchain.toml': '[toolchain]\npath = "ROOT/evil"\n' }, 'uncertain'],
    ['no TOML', { 'home/project/rust-toolchain.toml': '[toolchain\n' }, 'uncertain'],
    ['nothing', {}, 'broken'],
  ])('%s', async (_, files, expected) => {
    const machine = await createMachine()
    await layOutRustup(machine)
    await machine.script('evil/bin/rustc', 'echo 6.6.6')
    for (const [path, text] of Object.entries(files)) await machine.write(path, text)
    expect(await machine.sync('rustc')).toBe(expected)
  })
})
