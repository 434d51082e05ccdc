import { describe, expect, test, vi } from 'vitest'
import { createDashboardScreen } from '../../src/cli/dashboard-screen.ts'
import { type Key, parseKeys } from '../../src/dashboard/terminal/keys.ts'
import { NexusError } from '../../src/lib/errors.ts'
import { withoutEscapes } from '../../src/lib/text/text.ts'
import { canvasOf, metricCardOf, viewOf } from '../support/homes/dashboard-cards.ts'
import { createLargeDashboard } from '../support/homes/large-dashboard.ts'
import { createEmulatedScreen } from '../support/terminal/emulated-screen.ts'

vi.stubEnv('TZ', 'UTC')

function open(columns = 60, rows = 8) {
  const emulated = createEmulatedScreen(columns, rows)
  const writes: string[] = []
  const write = (text: string) => {
    writes.push(text)
    emulated.write(text)
  }
  const screen = { columns, rows, write, close: () => undefined }
  const drawing = createDashboardScreen(screen, { name: '/home', signs: canvasOf(1).signs, hasColors: true })
  drawing.redraw()
  return { drawing, writes, rows: emulated.rows, clipboard: emulated.clipboard }
}

function openLarge(columns = 80, rows = 24) {
  const opened = open(columns, rows)
  opened.drawing.show(createLargeDashboard())
  const press = (...keys: Key[]) => keys.map(key => opened.drawing.press(key))
  return { ...opened, press, chosen: () => opened.rows().find(row => row.includes('›')) }
}

const gauge = (value: number) => viewOf([metricCardOf('CPU', { component: 'gauge_meter' }, { value })])

test('what stays the same is not written again', () => {
  const { drawing, writes } = open()
  drawing.show(gauge(50))
  const before = writes.length
  drawing.show(gauge(50))
  drawing.press('top')
  expect(writes).toHaveLength(before)
  drawing.show(gauge(52))
  expect(withoutEscapes(writes.at(-1) ?? '')).toBe('2█▌')
})

test('what was seen last stays, with since when there is nothing newer', () => {
  const { drawing, rows } = open(80)
  drawing.show(gauge(50))
  const error = new NexusError('input', 'nobody answers')
  drawing.showError(error, new Date(2026, 10, 23, 7, 8, 9).getTime())
  drawing.showError(error, new Date(2026, 10, 23, 9, 0, 0).getTime())
  expect(rows().at(-1)).toBe('✗ not reachable since 07:08:09: nobody answers')
  expect(rows().join('\n')).toContain('CPU')
  drawing.show(gauge(50))
  expect(rows().at(-1)).toMatch(/^q quit /)
})

test('without anything to show, a failure is an error', () => {
  const error = new NexusError('input', 'nobody answers')
  expect(() => open().drawing.showError(error, 0)).toThrow(error)
})

test('a screen of one row shows what it can', () => {
  const { drawing, rows } = open(10, 1)
  drawing.show(gauge(50))
  expect(rows()).toHaveLength(1)
})

describe('the rows of a screen', () => {
  test('where there are many, everything has room', () => {
    const { rows } = openLarge(80, 40)
    expect(rows().join('\n')).toMatch(/Changes since yesterday[\s\S]*vLLM broke/)
  })
  test('where there are fewer, changes are left out', () => {
    const { rows } = openLarge(80, 32)
    expect(rows().join('\n')).not.toContain('Changes since yesterday')
    expect(rows().join('\n')).toContain('✓ Git 2.51.0')
  })
  test('where there are few, tools are a line', () => {
    const { rows } = openLarge(80, 24)
    expect(rows()).toContain('✗ 2 broken  ! 1 unclear  ✓ 17 here  · 10 not here')
    expect(rows().at(-1)).toBe('q quit  r measure  ↑↓ choose  ⏎ details  c copy fix  a show absent  ? keys')
  })
  test('in few columns some keys are named', () => {
    expect(openLarge(40, 60).rows().at(-1)).toBe('q quit  r measure  ↑↓ choose  ? keys')
  })
})

describe('the keys', () => {
  test('choose problems, then providers, then tools, and no further', () => {
    const { press, chosen } = openLarge(80, 40)
    expect(chosen()).toBeUndefined()
    const names = Array.from({ length: 9 }, () => {
      press('down')
      return /›(\S+)/.exec(chosen() ?? '')?.[1]
    })
    expect(names).toEqual([
      'vLLM',
      'Docker',
      'OpenAI',
      'Anthropic',
      'Mistral',
      'Ollama',
      'Slow',
      'Docker',
      'vLLM',
    ])
    press('up', 'up', 'up')
    expect(chosen()).toContain('✓›Ollama')
    press(...Array.from({ length: 60 }, (): Key => 'down'))
    expect(chosen()).toContain('›PostgreSQL')
  })

  test('open the details of what was chosen, and lead back', () => {
    const { press, rows } = openLarge()
    expect(press('open')).toEqual([false])
    expect(rows().at(-1)).toBe('choose something first')
    press('down', 'open')
    expect(rows()[1]).toMatch(/^─ vLLM ─+ broken ─$/)
    expect(rows()).toContain('blocks    plugins/nexus_infer')
    press('down')
    expect(rows()[1]).toMatch(/^─ Docker ─+ broken ─$/)
    expect(press('back')).toEqual([false])
    expect(rows().join('\n')).toContain('─ Machine ─')
    expect(press('back')).toEqual([true])
  })

  test('copy the command that fixes it, and keep it', () => {
    const { press, rows, clipboard, drawing } = openLarge()
    press('copy')
    expect(rows().at(-1)).toBe('choose something first')
    press('down', 'down', 'copy')
    expect(clipboard).toEqual(['sudo systemctl start docker'])
    expect(rows().at(-1)).toBe('copied: sudo systemctl start docker')
    press('copy', 'up', 'copy', 'down', 'down', 'copy')
    expect(rows().at(-1)).toBe('it needs no fix')
    expect(drawing.copied()).toEqual([
      'sudo systemctl start docker',
      '/home/ana/ml/.venv/bin/python -m pip install --upgrade --force-reinstall vllm',
    ])
  })

  test('never copy what would act on a terminal', () => {
    const { drawing, clipboard } = open(80, 24)
    const [problem] = createLargeDashboard().problems
    const fix = { text: '', command: 'echo\n\u001b[2Jrm -r x\u202e' }
    drawing.show(createLargeDashboard({ problems: problem === undefined ? [] : [{ ...problem, fix }] }))
    drawing.press('down')
    drawing.press('copy')
    expect(clipboard).toEqual(['echo\\n\\x1b[2Jrm -r x\\u202e'])
  })

  test('show what is absent, with its fix', () => {
    const { press, rows } = openLarge(80, 80)
    expect(rows().join('\n')).not.toContain('$ apt install podman')
    press('absent')
    expect(rows()).toContain('· Podman  podman was not found on PATH')
    expect(rows()).toContain('  $ apt install podman')
    press('absent')
    expect(rows().join('\n')).not.toContain('$ apt install podman')
  })

  test('show the keys, and hide them', () => {
    const { press, rows } = openLarge()
    press('help')
    expect(rows()[1]).toMatch(/^─ Keys ─/)
    press('help')
    expect(rows()[1]).not.toMatch(/^─ Keys ─/)
  })

  test('scroll by pages, and say where it is', () => {
    const { press, rows } = openLarge(80, 10)
    expect(rows().at(-1)).toMatch(/ 1-8 of \d+$/)
    press('page-down')
    expect(rows().at(-1)).toMatch(/ 9-16 of \d+$/)
    press('bottom')
    expect(rows().at(-1)).toMatch(/ \d+-(\d+) of \1$/)
    press('top')
    expect(rows().at(-1)).toMatch(/ 1-8 of \d+$/)
  })

  test('keep what was chosen on the screen', () => {
    const { press, chosen } = openLarge(40, 12)
    press('absent', ...Array.from({ length: 30 }, (): Key => 'down'))
    expect(chosen()).toContain('›')
  })

  test.each([
    ['q', ['quit']],
    ['\x1b', ['back']],
    ['\x1b[B\x1bOA', ['down', 'up']],
    ['\r', ['open']],
    ['ca?', ['copy', 'absent', 'help']],
    ['\x1b[1;5Cx', []],
    ['\x03', ['interrupt']],
  ])('%j', (text, keys) => {
    expect(parseKeys(text)).toEqual(keys)
  })
})
