import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseVersion, toVersion } from '../../src/core/parse-version.ts'
import { compilePattern } from '../../src/core/pattern.ts'
import { compareVersions, isAtLeast, satisfies } from '../../src/core/versions.ts'

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
