import { copyFile, rename } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { registryFiles } from '../../src/registry/schema/names.ts'
import { detected, metric, shownTool, writeDashboardHome } from '../support/homes/dashboard-home.ts'
import { runProgram } from '../support/processes/run-program.ts'
import { openFullTerminal } from '../support/terminal/full-terminal.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const main = nodePath.resolve('dist/main.cjs')
const docker = { detection: 'which docker', env_var: 'NEXUS_HAS_DOCKER' }
const broken = { detection: 'which podman', env_var: 'NEXUS_HAS_PODMAN' }

const dashboard = {
  tools: {
    docker: shownTool({ display_name: 'Docker 漢字', icon: '☸️' }),
    podman: shownTool({ display_name: 'evil\u202etxt\u001b[2J', icon: '🦭' }),
    ghost: shownTool({ display_name: 'Ghost' }),
  },
  system: { memory_usage: metric({ display_name: 'Memory', unit: '%', threshold_warning: 99 }) },
  toolEntries: {
    docker: { ...docker, ...detected('present', { version: '28.2.2' }) },
    podman: { ...broken, ...detected('broken', { reason: 'it dangles' }) },
  },
}

/** Many sections, so that there is something to scroll. */
const long = {
  ...dashboard,
  tools: Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [`tool_${at}`, shownTool({ display_name: `Tool ${at}` })]),
  ),
}

async function createHome(options: Parameters<typeof writeDashboardHome>[1] = dashboard): Promise<string> {
  const directory = await temporaryDirectory()
  await writeDashboardHome(nodePath.join(directory, 'home'), options)
  return directory
}

async function watch(
  directory: string,
  options: { columns?: number; rows?: number; env?: Record<string, string> } = {},
) {
  const argv = [process.execPath, main, 'dashboard', '--watch', '--home', nodePath.join(directory, 'home')]
  const terminal = await openFullTerminal(argv, { directory, ...options })
  await terminal.until(() => terminal.screen.rows().some(row => /synced| ago$|just now$/.test(row)))
  return terminal
}

const entered = ['?1049h', '?25l', '?7l']
const left = '\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l'

describe('live', () => {
  test('fills the screen, redraws what changes, and gives the terminal back', async () => {
    const directory = await createHome()
    const terminal = await watch(directory, { columns: 60, rows: 20 })
    const { screen } = terminal
    expect(entered.every(mode => terminal.written().includes(`\x1b[${mode}`))).toBe(true)
    expect(terminal.settings()).toMatch(/-icanon/)
    await terminal.until(() => screen.rows().some(row => /Memory +[\d.]+ %/.test(row)))
    expect(screen.rows().some(row => row.includes('✓ Docker 漢字 28.2.2'))).toBe(true)
    expect(screen.rows().some(row => row.includes('evil\\u202etxt\\x1b[2J'))).toBe(true)
    terminal.type('q')
    expect(await terminal.ended()).toBe(0)
    expect(terminal.written()).toMatch(/\x1b\[\?1049l[^\x1b]*ended=0\s*$/)
    expect(terminal.settings()).toMatch(/ icanon/)
  })

  test('shows a change of the registry at once', async () => {
    const directory = await createHome()
    const terminal = await watch(directory)
    await writeDashboardHome(nodePath.join(directory, 'next'), {
      ...dashboard,
      tools: { fresh: shownTool({ display_name: 'Brand new' }) },
    })
    const [from, to] = ['next', 'home'].map(name => nodePath.join(directory, name, registryFiles.dashboard))
    await rename(from ?? '', to ?? '')
    await terminal.until(() => terminal.screen.rows().some(row => row.includes('Brand new')))
    terminal.type('q')
    expect(await terminal.ended()).toBe(0)
  })

  test('keeps what is there when the registry breaks, and says so', async () => {
    const directory = await createHome()
    const terminal = await watch(directory)
    await copyFile(main, nodePath.join(directory, 'home', registryFiles.dashboard))
    await terminal.until(() => terminal.screen.rows().some(row => row.includes('cannot be read')))
    terminal.type('\x1b')
    expect(await terminal.ended()).toBe(0)
  })

  test('scrolls by keys, and tells where it is', async () => {
    const terminal = await watch(await createHome(long), { columns: 40, rows: 10 })
    const { screen } = terminal
    const moves: [keys: string, place: RegExp][] = [
      ['a', /^q quit.* 1-8 of \d+/],
      ['\x1b[6~', /^q quit.* 9-16 of \d+/],
      ['\x1b[5~', /^q quit.* 1-8 of \d+/],
      ['\x1b[F', /^q quit.* \d+-(\d+) of \1$/],
      ['\x1b[H', /^q quit.* 1-8 of \d+/],
    ]
    for (const [keys, place] of moves) {
      terminal.type(keys)
      await terminal.until(() => place.test(screen.rows().at(-1) ?? ''))
    }
    terminal.type('?')
    await terminal.until(() => screen.rows().some(row => row.startsWith('─ Keys ─')))
    terminal.type('\x03')
    expect(await terminal.ended()).toBe(130)
  })

  test('chooses, shows details, copies a fix, and prints it when it has left the screen', async () => {
    const terminal = await watch(await createHome(), { columns: 80, rows: 30 })
    const { screen } = terminal
    terminal.type('\x1b[B')
    await terminal.until(() => screen.rows().some(row => row.includes('✗›container_runtime')))
    terminal.type('\r')
    await terminal.until(() => /^─ container_runtime ─.* broken ─$/.test(screen.rows()[1] ?? ''))
    terminal.type('c')
    await terminal.until(() => /^copied: nexus-registry validate /.test(screen.rows().at(-1) ?? ''))
    terminal.type('\x1b')
    await terminal.until(() => screen.rows().some(row => row.includes('Tools and frameworks')))
    terminal.type('a')
    terminal.type('q')
    expect(await terminal.ended()).toBe(0)
    expect(screen.clipboard).toEqual([expect.stringMatching(/^nexus-registry validate \/\S+\/home$/)])
    const [, after = ''] = terminal.written().split('\x1b[?1049l')
    expect(after).toContain(`$ ${screen.clipboard[0]}`)
    expect(terminal.settings()).toMatch(/ icanon/)
  })

  test('follows the size of its window', async () => {
    const terminal = await watch(await createHome(long), { columns: 40, rows: 10 })
    terminal.resize(130, 30)
    await terminal.until(() => (terminal.screen.rows()[0]?.length ?? 0) > 120)
    terminal.resize(20, 4)
    await terminal.until(() => terminal.screen.rows().at(-1)?.startsWith('q') === true)
    terminal.type('q')
    expect(await terminal.ended()).toBe(0)
  })

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('gives the terminal back after %s', async signal => {
    const terminal = await watch(await createHome())
    terminal.signal(signal)
    expect(await terminal.ended()).toBe(130)
    expect(terminal.written()).toContain(left)
    expect(terminal.settings()).toMatch(/ icanon/)
  })

  test.each([
    ['a key', (terminal: Awaited<ReturnType<typeof watch>>) => terminal.type('\x1a')],
    ['a signal', (terminal: Awaited<ReturnType<typeof watch>>) => terminal.signal('SIGTSTP')],
  ])('is stopped by %s without the terminal, and draws it all when it goes on', async (_, stop) => {
    const terminal = await watch(await createHome())
    const { screen } = terminal
    stop(terminal)
    await terminal.until(() => terminal.written().includes('stopped'))
    expect(screen.modes.has('?1049')).toBe(false)
    expect(terminal.settings()).toMatch(/ icanon/)
    screen.resize(80, 24)
    terminal.type('\n')
    await terminal.until(() => screen.modes.has('?1049') && screen.rows().some(row => row.includes('Docker')))
    terminal.type('q')
    expect(await terminal.ended()).toBe(0)
    expect(terminal.settings()).toMatch(/ icanon/)
  })

  test('draws it all again when it was stopped without being asked', async () => {
    const terminal = await watch(await createHome())
    const { screen } = terminal
    terminal.signal('SIGSTOP')
    await terminal.until(() => terminal.written().includes('stopped'))
    screen.resize(80, 24)
    terminal.type('\n')
    await terminal.until(() => screen.rows().some(row => row.includes('Docker')))
    terminal.type('q')
    expect(await terminal.ended()).toBe(0)
    expect(terminal.settings()).toMatch(/ icanon/)
  })

  test('without colours it says the same', async () => {
    const terminal = await watch(await createHome(), { env: { NO_COLOR: '1' } })
    terminal.type('q')
    await terminal.ended()
    const looks = [...terminal.written().matchAll(/\x1b\[([\d;]*)m/g)].map(([, look]) => look)
    expect(new Set(looks)).toEqual(new Set(['0']))
  })

  const refusals: [what: string, args: string[], env: Record<string, string>, message: RegExp][] = [
    ['in a pipe', [], {}, /--watch requires a terminal/],
    ['on a terminal that can do nothing', [], { TERM: 'dumb' }, /TERM=dumb/],
    ['with --json', ['--json'], {}, /--watch and --json cannot be combined/],
  ]
  test.each(refusals)('is refused %s', async (_, args, env, message) => {
    const directory = await createHome()
    const { code, stdout, stderr } = await runProgram(
      ['dashboard', '--watch', '--home', nodePath.join(directory, 'home'), ...args],
      { directory, env },
    )
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })
})

describe('once', () => {
  async function show(columns: number, env: Record<string, string> = {}, args: readonly string[] = []) {
    const directory = await createHome()
    const argv = [process.execPath, main, 'dashboard', '--home', nodePath.join(directory, 'home'), ...args]
    const terminal = await openFullTerminal(argv, { directory, columns, env })
    expect(await terminal.ended()).toBe(0)
    const [, text = ''] = /pid=\d+\r\n([\s\S]*)ended=/.exec(terminal.written()) ?? []
    return text.replaceAll('\r', '').trimEnd().split('\n')
  }
  const plain = (lines: readonly string[]) => lines.map(line => line.replace(/\x1b\[[\d;]*m/g, ''))

  test('in 40 columns it is one column', async () => {
    const lines = plain(await show(40))
    expect(lines).toContain('✓ Docker 漢字 28.2.2')
    expect(lines.filter(line => /Ghost/.test(line))).toHaveLength(1)
  })

  test('in 200 columns there are no emoji either', async () => {
    expect(plain(await show(200)).join('\n')).not.toMatch(/\p{Emoji_Presentation}|\ufe0f/u)
  })

  test('at a terminal it has colours, and with NO_COLOR none', async () => {
    expect((await show(80)).join('\n')).toContain('\x1b[32m✓')
    expect((await show(80, { NO_COLOR: '1' })).join('\n')).not.toContain('\x1b')
    expect((await show(80, {}, ['--no-color'])).join('\n')).not.toContain('\x1b')
  })

  test.each([
    ['TERM=dumb', { TERM: 'dumb' }],
    ['a locale without UTF-8', { LANG: 'C', LC_ALL: '' }],
  ])('with %s it is ASCII', async (_, env) => {
    expect(plain(await show(80, env)).join('\n')).toMatch(/^[\x20-\x7e\n]*$/)
  })

  test('in a pipe it is plain lines, of which nothing is cut', async () => {
    const directory = await createHome()
    const { code, stdout, stderr } = await runProgram(
      ['dashboard', '--home', nodePath.join(directory, 'home')],
      {
        directory,
        env: { LANG: 'C.UTF-8' },
      },
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).not.toMatch(/\x1b|…/)
    expect(stdout).toContain('evil\\u202etxt\\x1b[2J')
    expect(stdout).toContain('there is no tool or framework ghost\n')
  })

  test('whatever is wrong with a registry has a sentence in its place, and the rest is there', async () => {
    const directory = await createHome({
      tools: {
        hologram: shownTool({ ui_component: 'hologram' }),
        huge: shownTool({ icon: '😀'.repeat(1024) }),
        ghost: shownTool({ display_name: 'Ghost' }),
        odd: shownTool({ display_name: '\u202eod\u200bd' }),
      },
      system: {
        disk_usage: metric({ display_name: 'Disk', unit: '%' }),
        nowhere: metric({ display_name: 'Nowhere' }),
      },
      orchestrator: {
        stranger: metric({ source: { microservice: 'nobody', path: '/x', pointer: '/y' } }),
      },
    })
    const { code, stdout } = await runProgram(['dashboard', '--home', nodePath.join(directory, 'home')], {
      directory,
      env: { LANG: 'C.UTF-8' },
    })
    expect(code).toBe(0)
    const sentences = [
      /✗ hologram +ui_component: expected one of .*/,
      /✗ huge +icon: expected a symbol of at most 32 characters/,
      /! Ghost +there is no tool or framework ghost\n/,
      /! \\u202eod\\u200bd +there is no/,
      /Nowhere unknown: nothing says where it comes from\n/,
      /Some unknown: (?:services of a home that is not trusted are not checked|there is no microservice nobody)/,
      /Disk +[\d.]+ %/,
    ]
    for (const sentence of sentences) expect(stdout).toMatch(sentence)
  })

  test('as JSON it is what is shown, with nothing in it that acts on a terminal', async () => {
    const directory = await createHome()
    const { stdout } = await runProgram(['dashboard', '--json', '--home', nodePath.join(directory, 'home')], {
      directory,
    })
    const {
      sections,
      warnings,
    }: {
      sections: { id: string; cards: { name: string; readings: { value: number }[] }[] }[]
      warnings: []
    } = JSON.parse(stdout)
    expect(sections.map(({ id, cards }) => [id, cards.map(({ name }) => name)])).toEqual([
      ['container', ['Docker 漢字', 'evil\u202etxt\u001b[2J', 'Ghost']],
      ['system', ['Memory']],
    ])
    expect(warnings).toEqual([])
    expect(sections[1]?.cards[0]?.readings[0]?.value).toBeGreaterThan(0)
    expect(stdout).not.toMatch(/[\x1b\u202e]/)
  })
})
