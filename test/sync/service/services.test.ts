import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { run } from '../../../src/cli/run.ts'
import { launchd, type Service, systemd } from '../../../src/sync/service/service.ts'
import { parseXml } from '../../support/parse-xml.ts'
import { splitSystemdWords } from '../../support/processes/systemd-words.ts'
import { findShell } from '../../support/shells/shells.ts'
import { createTestHost, temporaryDirectory } from '../../support/test-host.ts'

const program = '/opt/nexus registry/bin/nexus-registry'

/** Home directories of odd names. */
const odd: readonly [string, string][] = [
  ['plain', '/home/ada/registries'],
  ['spaces', '/home/ada/my  registries '],
  ['percent signs', '/home/ada/100%/%h%%'],
  ['dollar signs', '/home/ada/$HOME/${PATH}$$'],
  ['quotes', `/home/ada/"it's"`],
  ['backslashes', '/home/ada/a\\nb\\'],
  ['a semicolon and a hash', '/home/ada/ ; # x'],
  ['marks of XML', '/home/ada/<a>&amp;]]>--'],
  ['letters of other scripts', '/home/ada/регистр/レジストリ'],
  ['line breaks', '/home/ada/a\nb\r\nc\td'],
]

function describeIn(home: string): Service {
  return {
    argv: [program, 'sync', '--watch', '--home', home],
    variables: { PATH: `${home}/bin:/usr/bin`, XDG_DATA_HOME: home },
    userHome: '/home/ada',
  }
}

function settingsOf(unit: string, key: string): string[] {
  return unit.split('\n').flatMap(line => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []))
}

function required(text: string | undefined): string {
  if (text === undefined) throw new Error('nothing was rendered')
  return text
}

describe.each(odd)('with %s in a path', (_, home) => {
  test('a unit of systemd starts the same program with the same words', () => {
    const unit = required(systemd.render(describeIn(home)))
    const [command = ''] = settingsOf(unit, 'ExecStart')
    expect(splitSystemdWords(command, { isCommand: true })).toEqual([
      program,
      'sync',
      '--watch',
      '--home',
      home,
    ])
    expect(
      settingsOf(unit, 'Environment').map(value => splitSystemdWords(value, { isCommand: false })),
    ).toEqual([[`PATH=${home}/bin:/usr/bin`], [`XDG_DATA_HOME=${home}`]])
  })

  test('a program there is started, by sh where systemd takes no such path', () => {
    const unit = required(
      systemd.render({ ...describeIn('/h'), argv: [`${home}/bin/nexus-registry`, 'sync'] }),
    )
    const [command = ''] = settingsOf(unit, 'ExecStart')
    const words = splitSystemdWords(command, { isCommand: true })
    expect(words[0] === '/bin/sh' ? words.slice(1) : words).toEqual([`${home}/bin/nexus-registry`, 'sync'])
    // systemd: "Executable name contains special characters".
    expect(words[0]).not.toMatch(/["'\\\x00-\x1f$]/)
  })

  test('systemd itself finds no fault with it', async ({ skip }) => {
    const analyze = findShell('systemd-analyze')
    if (analyze === undefined) return skip('there is no systemd')
    const directory = await temporaryDirectory()
    const file = nodePath.join(directory, 'nexus-registry.service')
    // What is not there to be executed is a fault.
    await writeFile(
      file,
      required(systemd.render({ ...describeIn(home), argv: ['/bin/sh', '--home', home] })),
    )
    const env = { ...process.env, XDG_RUNTIME_DIR: directory }
    const { stdout, stderr } = await promisify(execFile)(analyze, ['--user', 'verify', file], { env })
    expect(
      [stdout, stderr]
        .join('')
        .split('\n')
        .filter(line => line.includes('nexus-registry')),
    ).toEqual([])
  })

  test('an agent of launchd starts the same program with the same words', () => {
    const [declaration, type, ...lines] = required(launchd.render(describeIn(home))).split('\n')
    expect(declaration).toBe('<?xml version="1.0" encoding="UTF-8"?>')
    expect(type).toMatch(/^<!DOCTYPE plist PUBLIC /)
    const elements = parseXml(lines.join('\n'))
    const textsIn = (parent: string, name: string) =>
      elements.filter(each => each.name === name && each.within.at(-1) === parent).map(({ text }) => text)
    expect(textsIn('array', 'string')).toEqual([program, 'sync', '--watch', '--home', home])
    expect(textsIn('dict', 'string')).toEqual(
      expect.arrayContaining(['nexus-registry.sync', `${home}/bin:/usr/bin`, home]),
    )
  })
})

test.each([
  ['systemd', systemd, '\0', true],
  ['launchd', launchd, '\0', true],
  ['launchd', launchd, '\u001b', true],
  ['systemd', systemd, '\u001b', false],
] as const)('%s is given nothing that it cannot be told (%#)', (_, manager, character, isRefused) => {
  expect(manager.render(describeIn(`/home/a${character}`)) === undefined).toBe(isRefused)
})

describe('nexus-registry hook', () => {
  test.each([
    ['systemd', 'ExecStart='],
    ['launchd', '<key>ProgramArguments</key>'],
  ])(
    '%s names this program, the home, the configuration and the variables of this shell',
    async (name, part) => {
      const host = await createTestHost({
        env: { PATH: '/opt/bin:/bin', KUBECONFIG: '/k', VIRTUAL_ENV: '/venv' },
      })
      await mkdir(nodePath.join(host.directory, 'config'))
      await writeFile(nodePath.join(host.directory, 'config/c.json'), '{}')
      expect(await run(['hook', name, '--home', 'my home', '--config', 'config/c.json'], host)).toBe(0)
      const { stdout } = host.written
      expect(stdout).toContain(part)
      for (const text of [
        nodePath.join(host.programRoot, 'bin/nexus-registry'),
        nodePath.join(host.directory, 'my home'),
        nodePath.join(host.directory, 'config/c.json'),
        '/opt/bin:/bin',
        '/k',
        host.env.XDG_STATE_HOME ?? '',
      ])
        expect(stdout).toContain(text)
      expect(stdout).not.toContain('/venv')
    },
  )

  test.each([
    [['hook', 'systemd', '--path'], '--path cannot be combined with systemd'],
    [['hook', 'launchd', '--line'], '--line cannot be combined with launchd'],
    [['hook', 'launchd', '--home', 'a\u001bb'], 'has a character that launchd cannot represent'],
  ])('%j is refused', async (argv, reason) => {
    const host = await createTestHost()
    expect(await run(argv, host)).toBe(2)
    expect(host.written.stderr).toContain(reason)
  })
})
