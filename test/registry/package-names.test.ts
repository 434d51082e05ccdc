import { describe, expect, test } from 'vitest'
import { isPackageName, type PackageManager, packageManagers } from '../../src/registry/schema/detectable.ts'
import { toolSchema } from '../../src/registry/schema/tool.ts'

// What each manager really has, or would have taken as something else than a package.
const names: Readonly<Record<PackageManager, { good: readonly string[]; bad: readonly string[] }>> = {
  apt: {
    good: ['docker.io', 'g++', 'libstdc++6', 'python3.11', 'jq', '7zip'],
    bad: [
      'jq-',
      'jq:arm64',
      'jq=1.7',
      'jq/stable',
      './jq.deb',
      '/tmp/jq.deb',
      'Jq',
      'j',
      'jq^',
      'j*',
      '~nfoo',
    ],
  },
  brew: {
    good: ['python@3.13', 'hashicorp/tap/terraform', 'gcloud-cli', 'gtk+3', 'openssl@3'],
    bad: [
      'tap/jq',
      'a/b/c/d',
      '../jq',
      'hashicorp/../jq',
      './jq.rb',
      'https://example.com/jq.rb',
      'jq@',
      '@3',
    ],
  },
  dnf: {
    good: ['moby-engine', 'NetworkManager', 'gcc-c++'],
    bad: ['@group', '/usr/bin/jq', 'jq(x)', 'jq*', 'a,b'],
  },
  pacman: {
    good: ['docker', 'aws-cli-v2', 'gtk2+extra', 'r'],
    bad: ['extra/jq', 'jq>1', '.jq', '@jq', 'Jq'],
  },
  pip: {
    good: ['torch', 'uvicorn[standard]', 'zope.testing', 'scikit-learn', 'Django', 'a[b,c]', 'ruamel.yaml'],
    bad: [
      'torch==2',
      'torch>=2',
      'git+https://example.com/x',
      'x @ https://example.com',
      './x',
      'x/y',
      'evil.zip',
      'evil.WHL',
      'evil.tar.gz',
      'evil.tgz[x]',
      'torch[',
      'torch-',
      'torch;x',
      '.x',
    ],
  },
  npm: {
    good: ['typescript', '@angular/cli', 'jwt-decode', 'lodash.tar-fs'],
    bad: [
      'a/b',
      'typescript@5',
      '@a',
      '@a/b/c',
      'file:x',
      'evil.tgz',
      '@a/evil.tar.gz',
      'git+ssh://x',
      '../x',
      'A',
    ],
  },
  winget: {
    good: ['Git.Git', 'Notepad++.Notepad++', 'Python.Python.3.13', '9NBLGGH4NNS1'],
    bad: ['Git/Git', '.Git'],
  },
}

// None of these is a word of a command, or it is more than one.
const hostile = [
  '-y',
  '--root=/',
  '-oDir::Bin::dpkg=/tmp/evil',
  '',
  ' jq',
  'jq ',
  'jq curl',
  'jq\tcurl',
  'jq\n',
  'jq\ncurl',
  'jq;id',
  'jq&id',
  'jq|id',
  '$(id)',
  '`id`',
  '$HOME',
  "jq'",
  'jq"',
  'jq\\',
  'jq\0',
  'jq\u001b[2J',
  'jq\u202e',
  'jq\u00a0x',
  '~',
  'jq#x',
  '{a,b}',
  'j?',
  'j[q',
  'x'.repeat(500),
  'ｊｑ',
]

describe.each(packageManagers)('a package of %s', manager => {
  test.each(names[manager].good)('is %s', name => {
    expect(isPackageName(manager, name)).toBe(true)
    expect(parse(manager, name)).toBe(true)
  })

  test.each([...names[manager].bad, ...hostile])('is not %j', name => {
    expect(isPackageName(manager, name)).toBe(false)
    expect(parse(manager, name)).toBe(false)
  })
})

function parse(manager: PackageManager, name: string): boolean {
  const tool = { detection: 'which x', env_var: 'NEXUS_HAS_X', install: { [manager]: name } }
  return toolSchema.safeParse(tool).success
}
