import { expect, test } from 'vitest'
import type { Diagnostic } from '../../../src/registry/diagnostic.ts'
import { renderGithub } from '../../../src/validate/formats/github.ts'
import { createView } from '../../support/diagnostics-view.ts'
import { createDiagnostic, createReport } from '../../support/homes/diagnostics.ts'

async function render(...changes: Partial<Diagnostic>[]): Promise<string[]> {
  return renderGithub(createReport(changes.map(createDiagnostic)), await createView()).split('\n')
}

test('an error is a workflow command at its place', async () => {
  const [command] = await render({})
  expect(command).toBe(
    '::error file=tool_registry.json,line=3,col=16,endLine=3,endColumn=24,title=schema::' +
      'tools/docker.env_var: expected a name like NEXUS_HAS_DOCKER, found "docker" (tool_registry.json:3:16)',
  )
})

const cases: [what: string, changes: Partial<Diagnostic>, part: string][] = [
  ['a warning is one', { severity: 'warning' }, '::warning file='],
  ['a hint is a line of its own', { message: 'a', hint: 'b' }, '::a (tool_registry.json:3:16)%0Ab'],
  ['percent signs are written as %25', { message: '100% %0A' }, '::100%25 %250A'],
  ['line breaks are no end of the command', { message: 'a\n::error::b' }, '::a%0A::error::b'],
  ['carriage returns are spelled out', { message: 'a\rb' }, '::a\\rb'],
  ['escapes of terminals are spelled out', { message: '\u001b[31m' }, '::\\x1b[31m'],
  ['colons and commas of a path are no properties', { file: '/home/a:b,c%.json' }, 'file=a%3Ab%2Cc%25.json,'],
  ['line breaks of a path stay in it', { file: '/home/a\r\nb' }, 'file=a%0D%0Ab,'],
  ['escapes of terminals in a path are spelled out', { file: '/home/\u001b[31m' }, 'file=\\x1b[31m,line=3'],
  ['line breaks of a path are none in the text', { file: '/home/a\nb' }, '(a\\nb:3:16)'],
  ['a path outside is absolute', { file: '/else/a.json' }, 'file=/else/a.json,'],
  ['several lines have no columns', { end_line: 5, end_column: 2 }, 'line=3,endLine=5,title='],
  ['an empty range ends where it begins', { end_column: 16 }, 'col=16,endLine=3,endColumn=16,'],
]

test.each(cases)('%s', async (_, changes, part) => {
  const lines = await render(changes)
  expect(lines).toHaveLength(2)
  expect(lines[0]).toContain(part)
})

test('the log ends with a sum', async () => {
  expect((await render({}, { severity: 'warning' })).at(-1)).toBe('✖ 1 error and 1 warning in 1 of 2 files')
  expect(await render()).toEqual(['✔ 2 files are valid'])
})
