import { describe, expect, test } from 'vitest'
import { renderHealthSummary, splitHint } from '../../src/doctor/health-summary.ts'
import { toSigns } from '../../src/lib/terminal/signs.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { textWidth } from '../../src/lib/terminal/width.ts'
import { withoutEscapes } from '../../src/lib/text/text.ts'
import type { HealthReport } from '../../src/sync/health.ts'

const home = '/home/ana/.local/share/nexus-registry'
const findings: HealthReport['findings'] = [
  { check: 'installation', status: 'ok', message: 'nexus-registry 0.2.0 in /opt/nexus', hint: null },
  {
    check: 'config',
    status: 'ok',
    message: 'using /home/ana/.config/nexus-registry/config.yaml',
    hint: null,
  },
  {
    check: 'home',
    status: 'error',
    message: `${home} has errors in tools, providers`,
    hint: `nexus-registry validate ${home}`,
  },
  {
    check: 'sync',
    status: 'error',
    message: 'the upstream of models refuses access: it responds with 401',
    hint: 'Check its url in hyper_registry.json, and the token for it in upstreams of your configuration',
  },
  {
    check: 'sync',
    status: 'note',
    message: 'plugins has never been synced',
    hint: 'Run nexus-registry sync',
  },
  { check: 'lock', status: 'ok', message: 'no process is writing to the home', hint: null },
  {
    check: 'path',
    status: 'warning',
    message: '/home/ana/bin on PATH is writable by all users: nothing in it is executed\u001b[2J',
    hint: "chmod o-w '/home/ana/my bin'",
  },
]

async function render(width: number | undefined, kind = 'plain', some = findings): Promise<string> {
  const env = kind === 'ascii' ? { LANG: 'C' } : { LANG: 'C.UTF-8' }
  const style = await createStyle({
    stream: { isTerminal: true },
    env: kind === 'colour' ? { ...env, FORCE_COLOR: '1' } : env,
    color: kind === 'colour',
  })
  const healthy = some.every(({ status }) => status !== 'error')
  const options = { style, signs: toSigns(env), width, userHome: '/home/ana' }
  return renderHealthSummary({ healthy, findings: some }, options)
}

describe.each([40, 60, 80, 120])('the checks on a terminal of %i columns', width => {
  test.each(['colour', 'plain', 'ascii'])('in %s', async kind => {
    await expect(await render(width, kind)).toMatchFileSnapshot(`golden/doctor-${width}-${kind}.txt`)
  })

  test('have no line that is too long, but for commands to copy', async () => {
    const lines = withoutEscapes(await render(width, 'colour')).split('\n')
    expect(lines.filter(line => textWidth(line) > width && !/^ *\$ /.test(line))).toEqual([])
  })
})

describe('the verdict', () => {
  const of = (...statuses: HealthReport['findings'][number]['status'][]) =>
    statuses.map(status => ({ check: 'home' as const, status, message: 'so', hint: null }))
  test.each([
    ['✓ everything is in order', of('ok', 'note')],
    ['! 1 warning', of('ok', 'warning')],
    ['✗ 2 problems, 1 warning', of('error', 'warning', 'error')],
  ])('%s', async (line, some) => {
    expect((await render(80, 'plain', some)).split('\n')[0]).toBe(line)
  })
})

describe('a hint', () => {
  test.each([
    ['Run nexus-registry sync', '', 'nexus-registry sync'],
    ['Try again: nexus-registry sync', 'Try again', 'nexus-registry sync'],
    ['nexus-registry token list', '', 'nexus-registry token list'],
    ['nexus-registry upgrade --dry-run shows it', '', 'nexus-registry upgrade --dry-run'],
    ["nexus-registry validate '/my home'", '', "nexus-registry validate '/my home'"],
    ['chmod o-w /opt/bin', '', 'chmod o-w /opt/bin'],
    ['Fix it, or copy it from a new home: nexus-registry init DIR', undefined, undefined],
    ['If it has ended, nexus-registry sync --watch takes its place', undefined, undefined],
    ['Remove it, or make it private: chown and chmod 700 /a', undefined, undefined],
  ])('%s', (hint, text, command) => {
    expect(splitHint(hint)).toEqual({ text: text ?? hint, command })
  })
})
