import { describe, expect, test, vi } from 'vitest'
import type { Canvas } from '../../../src/dashboard/terminal/canvas.ts'
import { renderDashboard } from '../../../src/dashboard/terminal/draw-dashboard.ts'
import { createStyle } from '../../../src/lib/terminal/style.ts'
import { textWidth } from '../../../src/lib/terminal/width.ts'
import { withoutEscapes } from '../../../src/lib/text/text.ts'
import { canvasOf } from '../../support/homes/dashboard-cards.ts'
import { createLargeDashboard } from '../../support/homes/large-dashboard.ts'

vi.stubEnv('TZ', 'UTC')

async function render(canvas: Canvas, kind = 'plain', view = createLargeDashboard()): Promise<string> {
  const style = await createStyle({
    stream: { isTerminal: true },
    env: kind === 'colour' ? { FORCE_COLOR: '1' } : {},
    color: kind === 'colour',
  })
  return renderDashboard(view, '/home/ana/registries', { canvas, style })
}

describe.each([40, 60, 80, 120])('a dashboard on a terminal of %i columns', width => {
  test.each(['colour', 'plain', 'ascii'])('in %s', async kind => {
    const text = await render(canvasOf(width, { isAscii: kind === 'ascii' }), kind)
    if (kind === 'ascii') expect(text).toMatch(/^[\x20-\x7e\n]*$/)
    await expect(text).toMatchFileSnapshot(`golden/dashboard-${width}-${kind}.txt`)
  })

  test('has no line that is too long, but for commands to copy', async () => {
    const lines = withoutEscapes(await render(canvasOf(width), 'colour')).split('\n')
    expect(lines.filter(line => textWidth(line) > width && !/^ *\$ /.test(line))).toEqual([])
  })
})
