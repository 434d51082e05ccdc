import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePattern } from '../../src/lib/text/pattern.ts'
import { parseVersion, toVersion } from '../../src/lib/version/parse-version.ts'
import { compareVersions, isAtLeast, satisfies } from '../../src/lib/version/versions.ts'

describe('the version in what a tool prints', () => {
  test.each([
    ['3.13.0rc2', '3.13.0rc2'],
    ['2.4.1+cu121', '2.4.1+cu121'],
    ['1:2.30.2-1ubuntu1', '2.30.2'],
    ['openjdk version "1.8.0_292"', '1.8.0_292'],
    ['17', '17'],
    ['go version go1.22.1 linux/amd64', '1.22.1'],
    ['v20.20.2', '20.20.2'],
    ['jq-1.6', '1.6'],
    ['Docker version 28.2.2, build e6534b4', '28.2.2'],
    ['git version 2.39.5', '2.39.5'],
    ['git version 2.39.5 (Apple Git-154)', '2.39.5'],
    ['git version 2.39.5.windows.1', '2.39.5'],
    ['Google Cloud SDK 528.0.0\nbq 2.1.18\ncore 2025.06.20', '528.0.0'],
    ['aws-cli/1.45.11 Python/3.11.7 Linux/6.1 botocore/1.43.11', '1.45.11'],
    ['Client Version: v1.32.4-dispatcher\nKustomize Version: v5.5.0', '1.32.4'],
    ['curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1\nRelease-Date: 2023-02-20', '7.88.1'],
    ['Warning: Version 1.12.1 of Terraform is available\n\nTerraform v1.11.4\non linux_amd64', '1.11.4'],
    [
      'Terraform v1.11.4\non linux_amd64\n\nYour version of Terraform is out of date! The latest version\nis 1.12.1.',
      '1.11.4',
    ],
    ['\x1b[32mpodman\x1b[0m version 4.3.1', '4.3.1'],
    ['pip 24.0 from /usr/lib/python3.11/site-packages/pip (python 3.11)', '24.0'],
    [
      'nvcc: NVIDIA (R) Cuda compiler driver\nCopyright (c) 2005-2024 NVIDIA Corporation\nBuilt on Thu_Mar_28_02:18:24_PDT_2024\nCuda compilation tools, release 12.4, V12.4.131',
      '12.4',
    ],
    ['openjdk version "17.0.11" 2024-04-16', '17.0.11'],
    ['java 17 2021-09-14 LTS', '17'],
    ['OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.14 4 Jun 2024', '9.2p1'],
    ['ruby 3.2.2 (2023-03-30 revision e51014f9c0) [x86_64-linux]', '3.2.2'],
    ['version.BuildInfo{Version:"v3.14.0", GitCommit:"3fc9f4b2"}', '3.14.0'],
    ['{\n  "azure-cli": "2.74.0",\n  "azure-cli-core": "2.74.0"\n}', '2.74.0'],
    ['2025.01.15', '2025.01.15'],
    ['Python 3.14.0a1+', '3.14.0a1'],
    ['rustc 1.80.0-nightly (ada5e2c7b 2024-05-31)', '1.80.0-nightly'],
    ['k3s version v1.27.3+k3s1 (fe9604ca)', '1.27.3+k3s1'],
    ['Chrome 120.0.6099.109', '120.0.6099.109'],
    ['tool version 10.0.0.1', '10.0.0.1'],
  ])('%j is %s', (text, version) => {
    expect(parseVersion(text).version).toBe(version)
  })

  // [names of the tool, what it prints, its version]
  const erlang = 'Erlang/OTP 27 [erts-15.2.7] [source] [64-bit] [smp:2:2] [ds:2:2:10] [async-threads:1] [jit]'
  const flags =
    'configuration: --prefix=/usr --extra-version=0+deb13u1\nlibavutil      59. 39.100 / 59. 39.100'
  test.each([
    ['elixir', `${erlang}\n\nElixir 1.18.3 (compiled with Erlang/OTP 27)`, '1.18.3'],
    ['iex', `${erlang}\n\nIEx 1.18.3 (compiled with Erlang/OTP 27)`, '1.18.3'],
    ['mix', `${erlang}\n\nMix 1.18.3 (compiled with Erlang/OTP 25)`, '1.18.3'],
    [
      'mvn',
      '\x1b[1mApache Maven 3.9.9\x1b[m\nMaven home: /usr/share/maven\nJava version: 21.0.13, vendor: Debian',
      '3.9.9',
    ],
    [
      'gradle',
      `${'-'.repeat(60)}\nGradle 8.5\n${'-'.repeat(60)}\n\nKotlin:       1.9.20\nGroovy:       3.0.17\nAnt:          Apache Ant(TM) version 1.10.13\nJVM:          21.0.1`,
      '8.5',
    ],
    ['kubectl', 'Client Version: v1.32.3\nKustomize Version: v5.5.0\nServer Version: v1.28.0', '1.32.3'],
    ['oc', 'Server Version: 4.12.1\nClient Version: 4.14.8', '4.14.8'],
    ['ollama', 'ollama version is 0.5.7\nWarning: client version is 0.9.0', '0.9.0'],
    [
      'ollama',
      'Warning: could not connect to a running Ollama instance\nWarning: client version is 0.5.4',
      '0.5.4',
    ],
    [
      'ansible',
      'ansible [core 2.19.11]\n  config file = None\n  python version = 3.13.5 (main)\n  jinja version = 3.1.6',
      '2.19.11',
    ],
    [
      'terraform',
      'Terraform v1.5.7\non linux_amd64\n+ provider registry.terraform.io/hashicorp/aws v5.31.0\n\nYour version of Terraform is out of date! The latest version\nis 1.9.0. You can update by downloading from https://www.terraform.io/downloads.html',
      '1.5.7',
    ],
    [
      'docker',
      'Client: Docker Engine - Community\n Version:           28.2.2\n API version:       1.50\n Go version:        go1.24.3',
      '28.2.2',
    ],
    [
      'java',
      'Picked up JAVA_TOOL_OPTIONS: -Dbuild=9.8.7\nopenjdk version "21.0.13" 2026-10-20\nOpenJDK Runtime Environment (build 21.0.13+9)',
      '21.0.13',
    ],
    ['java', 'NOTE: Picked up JDK_JAVA_OPTIONS: -Da=1.2.3\nopenjdk version "17" 2021-09-14', '17'],
    ['helm', 'version.BuildInfo{Version:"v3.14.0", GitCommit:"3fc9", GoVersion:"go1.21.5"}', '3.14.0'],
    ['aws', 'aws-cli/2.23.6 Python/3.13.5 Linux/6.18.44 source/x86_64.debian.13', '2.23.6'],
    ['gcloud', 'Google Cloud SDK 528.0.0\nbq 2.1.18\ngcloud-crc32c 1.0.0\nkubectl 1.30.9', '528.0.0'],
    [
      'ffmpeg',
      `ffmpeg version 7.1.5-0+deb13u1 Copyright (c) 2000-2026 the FFmpeg developers\nbuilt with gcc 14 (Debian 14.2.0-19)\n${flags}`,
      '7.1.5',
    ],
    ['scala', 'Scala code runner version: 1.4.3\nScala version (default): 3.5.2', '3.5.2'],
    ['scala', 'Scala code runner version 3.4.1 -- Copyright 2002-2024, LAMP/EPFL', '3.4.1'],
    ['kotlin', 'Kotlin version 1.4.21-release-411 (JRE 14.0.1+7)', '1.4.21'],
    ['go', 'go version go1.24.4 linux/amd64', '1.24.4'],
    ['pip', 'pip 25.1.1 from /usr/lib/python3/dist-packages/pip (python 3.13)', '25.1.1'],
    ['mamba', 'mamba 1.5.6\nconda 24.1.2', '1.5.6'],
    ['conda', 'mamba 1.5.6\nconda 24.1.2', '24.1.2'],
    ['flask', 'Python 3.11.6\nFlask 3.0.0\nWerkzeug 3.0.1', '3.0.0'],
    ['swift', 'swift-driver version: 1.87.3 Apple Swift version 5.9.2 (swiftlang-5.9.2.2.56)', '5.9.2'],
    ['cilium', 'cilium-cli: v0.15.19 compiled with go1.21.5\ncilium image (default): v1.14.5', '0.15.19'],
    ['gcc', 'gcc (crosstool-NG 1.25.0) 12.1.0\nCopyright (C) 2022 Free Software Foundation', '12.1.0'],
    ['gcc', 'gcc (Debian 14.2.0-19) 14.2.0', '14.2.0'],
    ['poetry', 'Poetry (version 2.1.2)', '2.1.2'],
    ['jruby', 'jruby 9.4.5.0 (3.1.4) 2023-11-02 1abae2700f OpenJDK 64-Bit Server VM 17.0.9', '9.4.5.0'],
    ['pandoc', 'pandoc 3.1.11.1\nFeatures: -server +lua\nScripting engine: Lua 5.4', '3.1.11.1'],
    ['clinfo', 'clinfo version 3.0.25.02.14', '3.0.25.02.14'],
    ['llama-server', 'version: 9439 (47f6423ed)\nbuilt with GNU 16.1.1 for Linux aarch64', '9439'],
    ['mysql', 'mysql from 11.8.9-MariaDB, client 15.2 for debian-linux-gnu (x86_64)', '11.8.9'],
    ['mysql', 'mysql  Ver 15.1 Distrib 10.6.16-MariaDB, for debian-linux-gnu', '10.6.16'],
    ['perl', 'This is perl 5, version 40, subversion 1 (v5.40.1) built for x86_64', '5.40.1'],
    ['jq', 'jq-1.7', '1.7'],
    [
      'perl',
      'This is perl 5, version 36, subversion 0 (v5.36.0) built for x86_64\n\nGNU General Public License, which may be found in the Perl 5 source kit.',
      '5.36.0',
    ],
    ['webpack', 'System:\n  OS: Linux 5.15\nPackages:\n  webpack: ^5.89.0 => 5.89.0', '5.89.0'],
    [
      'lazygit',
      "commit=, build source='debian', version='0.50.0+ds1-1', os=linux, git version=2.47.3",
      '0.50.0+ds1-1',
    ],
    ['less', 'less 590 (GNU regular expressions)\nPCRE2 10.42', '590'],
    ['lua', 'Lua 5.4.7  Copyright (C) 1994-2024 Lua.org, PUC-Rio', '5.4.7'],
    ['python', 'Python 3.13.5', '3.13.5'],
    ['foo', 'foo 1.2.3 (requires libbar 2.0)', '1.2.3'],
    ['foo', 'foo 9.9.9 is available, you have an old one\nlibbar 2.0\nfoo 1.2.3', '1.2.3'],
    ['foo', 'foo: connecting to 192.168.1.20\nfoo 1.2.3', '1.2.3'],
    ['vllm', 'INFO 03-17 04:53:22 [__init__.py:256] Automatically detected platform cuda.\n0.7.4', '0.7.4'],
  ])('of %s in %j is %s', (name, text, version) => {
    expect(parseVersion(text, [name]).version).toBe(version)
  })

  test.each([
    ['bazel', 'bazel no_version'],
    ['hcloud', 'hcloud unknown'],
    ['foo', 'foo: could not connect to 127.0.0.1:4100'],
    ['jules', 'Error: getaddrinfo EAI_AGAIN storage.googleapis.com\n at (node:dns:122:26)'],
  ])('of %s in %j is not known', (name, text) => {
    expect(parseVersion(text, [name]).version).toBeNull()
  })

  test('a long line of brackets behind the name takes no time', () => {
    const text = `foo ${'('.repeat(100)}${'()'.repeat(10_000)} x 1.2.3\n`.repeat(20)
    expect(parseVersion(text, ['foo']).version).toBeNull()
  })

  test.each([
    [''],
    ['no version here'],
    ['Cannot connect to 127.0.0.1'],
    ['listening on 10.1.2.3:8080'],
    ['built 12.05.2024'],
    ['see /usr/lib/python3.11/site-packages'],
    ['see https://example.com/docs/1.2.3/'],
    ['error: unknown flag'],
  ])('%j has none', text => {
    expect(parseVersion(text).version).toBeNull()
  })

  test('raw is the line that it stood on, clean and capped', () => {
    expect(parseVersion('hello\n\x1b[1mtool 1.2.3\x1b[0m  \nbye').raw).toBe('tool 1.2.3')
    expect(parseVersion(`${'x'.repeat(1000)}`)).toEqual({ version: null, raw: 'x'.repeat(256) })
  })

  test('any text is answered with a short version or none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), text => {
        const { version, raw } = parseVersion(text)
        expect(version?.length ?? 0).toBeLessThanOrEqual(256)
        expect(raw?.length ?? 0).toBeLessThanOrEqual(512)
      }),
    )
  })

  test.each([
    ['v1.2.3', '1.2.3'],
    ['R2024a', 'R2024a'],
    ['17', '17'],
    ['two words 7', null],
    ['none', null],
  ])('%j singled out by a pattern is %s', (text, version) => {
    expect(toVersion(text)).toBe(version)
  })
})

describe('versions are compared as semver, read generously', () => {
  test.each([
    ['17', '17.0.0', true],
    ['1.8.0_292', '1.8', true],
    ['3.13.0rc2', '3.13.0', false],
    ['3.13.0rc2', '3.12', true],
    ['3.13.0', '3.13.0rc2', true],
    ['3.13.0b1', '3.13.0rc1', false],
    ['2.4.1+cu121', '2.4.1', true],
    ['2.4.1+cu121', '2.4.2', false],
    ['9.2p1', '9.2', true],
    ['024.01.15', '24.1.15', true],
    ['10.0.0.1', '10.0', true],
    [null, '0.0.1', false],
    ['unknown', '0.0.0', false],
    ['1.2.3', 'nonsense', false],
  ])('%s at least %s: %s', async (version, minimum, expected) => {
    expect(await isAtLeast(version, minimum)).toBe(expected)
  })

  test.each([
    ['28.2.2', '>=24', true],
    ['1.5', '^1.4', true],
    ['3.13.0rc2', '>=3.13.0', false],
    ['3.13.0rc2', '>=3.12 <4', true],
    ['28.2.2', 'no range', false],
    [null, '*', false],
  ])('%s in %s: %s', async (version, range, expected) => {
    expect(await satisfies(version, range)).toBe(expected)
  })

  test('they are ordered', async () => {
    expect(await compareVersions('1.9', '1.10')).toBeLessThan(0)
    expect(await compareVersions(null, '1.10')).toBeLessThan(0)
    expect(await compareVersions(null, null)).toBe(0)
  })
})

describe('patterns of registries', () => {
  test('the first group is the version, the whole match without one', async () => {
    const grouped = await compilePattern('release (\\d+\\.\\d+)')
    expect(grouped.ok && grouped.pattern.find('tools, release 12.4, V12')).toBe('12.4')
    const whole = await compilePattern('^\\d+$')
    expect(whole.ok && whole.pattern.find('first\n17\n')).toBe('17')
    expect(whole.ok && whole.pattern.find('none')).toBeUndefined()
  })

  test('a pattern that would backtrack exponentially is answered', async () => {
    const evil = await compilePattern('^(([a-z])+.)+[A-Z]([a-z])+$')
    expect(evil.ok && evil.pattern.find('a'.repeat(4000))).toBeUndefined()
  })

  test('only the first 4 KiB are looked at', async () => {
    const end = await compilePattern('end')
    expect(end.ok && end.pattern.find(`${'x'.repeat(4096)}end`)).toBeUndefined()
  })

  test.each(['(', '(?=x)', '(a)\\1', '((a{1000}){1000}){1000}'])('%s is refused', async source => {
    expect(await compilePattern(source)).toMatchObject({ ok: false, message: expect.any(String) })
  })
})
