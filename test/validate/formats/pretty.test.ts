import { expect, test } from 'vitest'
import type { Diagnostic, ValidationReport } from '../../../src/registry/diagnostic.ts'
import { renderPretty } from '../../../src/validate/formats/pretty.ts'
import { createView } from '../../support/diagnostics-view.ts'
import { createDiagnostic } from '../../support/homes/diagnostics.ts'

const text = '{\n  "docker": {\n    "env_var": "docker"\n  }\n}\n'

const broken = createDiagnostic()
const warning: Diagnostic = {
  ...broken,
  rule: 'entry-count',
  severity: 'warning',
  message: 'expects 15 entries',
  line: 12,
  file: '/home/hyper_registry.json',
  hint: 'Set it to 1',
}

async function render(
  diagnostics: readonly Diagnostic[],
  options: { color?: boolean; valid?: boolean } = {},
): Promise<string> {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const report: ValidationReport = {
    valid: options.valid ?? errors === 0,
    files: ['/home/hyper_registry.json', '/home/tool_registry.json'],
    errors,
    warnings: diagnostics.length - errors,
    diagnostics,
  }
  const view = await createView({ color: options.color ?? false, text })
  return renderPretty(report, view)
}

test('groups by file, frames errors, hints, and sums up', async () => {
  expect(await render([warning, broken])).toBe(`hyper_registry.json
  12:16  warning  expects 15 entries  entry-count
         hint: Set it to 1

tool_registry.json

  3:16  error    tools/docker.env_var: expected a name like NEXUS_HAS_DOCKER, found "docker"  schema
        2 │   "docker": {
        3 │     "env_var": "docker"
          │                ^^^^^^^^

✖ 1 error and 1 warning in 2 of 2 files`)
})

test('a file that could not be read has no frame', async () => {
  const missing = { ...broken, line: 1, column: 1, end_line: 1, end_column: 1, message: 'it is missing' }
  const shown = await render([{ ...missing, file: '/home/hyper_registry.json' }])
  expect(shown.split('\n').slice(0, 3)).toEqual([
    'hyper_registry.json',
    '  1:1  error    it is missing  schema',
    '',
  ])
})

test('an id with line breaks forges no line', async () => {
  const forged = { message: 'tools/a\n✔ 9 files are valid: no', hint: 'Remove a\nb' }
  const shown = await render([{ ...warning, ...forged }])
  expect(shown).toContain('tools/a\\n✔ 9 files are valid: no')
  expect(shown).toContain('Remove a\\nb')
})

test('says in a line that all is well', async () => {
  expect(await render([])).toBe('✔ 2 files are valid')
})

test('warnings alone are no failure, unless they count', async () => {
  expect((await render([warning])).split('\n').at(-1)).toBe('⚠ 1 warning in 1 of 2 files')
  expect((await render([warning], { valid: false })).split('\n').at(-1)).toBe('✖ 1 warning in 1 of 2 files')
})

test('colours tell severities apart', async () => {
  const shown = await render([warning, broken], { color: true })
  expect(shown).toContain('\u001b[33mwarning\u001b[39m')
  expect(shown).toContain('\u001b[31merror  \u001b[39m')
})

test('nothing that came from outside reaches the terminal as it is', async () => {
  const evil = '\u001b]0;owned\u0007\r\u202e'
  const shown = await render([{ ...broken, message: evil, hint: evil, file: `/home/${evil}` }])
  expect(shown).not.toMatch(/[\u001b\u0007\r\u202e]/)
})
