import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { Diagnostic } from '../../../src/registry/diagnostic.ts'
import { renderJunit } from '../../../src/validate/formats/junit.ts'
import { createView } from '../../support/diagnostics-view.ts'
import { createDiagnostic, createReport } from '../../support/homes/diagnostics.ts'

async function render(changes: Partial<Diagnostic>[], doWarningsCount = false): Promise<string> {
  return renderJunit(createReport(changes.map(createDiagnostic)), await createView({ doWarningsCount }))
}

interface Element {
  readonly tag: string
  readonly attributes: Record<string, string>
  readonly text: string
  readonly inner: readonly Element[]
}

// An XML reader that is not ours has to agree: Python's, which refuses what XML 1.0 does not have.
const reader = `
import json, sys, xml.etree.ElementTree as tree
def show(e): return {"tag": e.tag, "attributes": e.attrib, "text": e.text or "", "inner": [show(i) for i in e]}
print(json.dumps(show(tree.fromstring(sys.stdin.buffer.read()))))
`

function readXml(xml: string): Element {
  return JSON.parse(execFileSync('python3', ['-c', reader], { input: xml, encoding: 'utf8' }))
}

test('a suite for each file, a case for each rule', async () => {
  const xml = await render([
    {},
    { line: 9, end_line: 9, message: 'another', hint: 'do this' },
    { rule: 'pattern', message: 'a <b> & "c"' },
  ])
  expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nexus-registry validate" tests="3" failures="2" errors="0">
  <testsuite name="hyper_registry.json" tests="1" failures="0" errors="0">
    <testcase name="valid" classname="hyper_registry.json" file="hyper_registry.json" line="1"></testcase>
  </testsuite>
  <testsuite name="tool_registry.json" tests="2" failures="2" errors="0">
    <testcase name="pattern" classname="tool_registry.json" file="tool_registry.json" line="3">
      <failure type="pattern" message="a &lt;b&gt; &amp; &quot;c&quot;">3:16 error a &lt;b&gt; &amp; &quot;c&quot;</failure>
    </testcase>
    <testcase name="schema" classname="tool_registry.json" file="tool_registry.json" line="3">
      <failure type="schema" message="2 findings">3:16 error tools/docker.env_var: expected a name like NEXUS_HAS_DOCKER, found &quot;docker&quot;
9:16 error another
  do this</failure>
    </testcase>
  </testsuite>
</testsuites>`)
})

test('warnings are told and do not fail, unless they count', async () => {
  const warnings = [{ severity: 'warning', message: 'hm' } as const]
  const [lenient, strict] = [readXml(await render(warnings)), readXml(await render(warnings, true))]
  expect([lenient.attributes.failures, strict.attributes.failures]).toEqual(['0', '1'])
  expect(lenient.inner[1]?.inner[0]?.inner[0]).toMatchObject({ tag: 'system-out', text: '3:16 warning hm' })
  expect(strict.inner[1]?.inner[0]?.inner[0]).toMatchObject({ tag: 'failure', text: '3:16 warning hm' })
})

const texts: [what: string, text: string, read: string][] = [
  ['markup', ']]><failure/>&amp;', ']]><failure/>&amp;'],
  ['control characters', 'a\u0000\u0008\u001f\u007f', 'a\\x00\\x08\\x1f\\x7f'],
  ['halves of pairs', '\ud800 \udc00x', '\ufffd \ufffdx'],
  ['characters that XML has not', '\ufffe\uffff', '\ufffd\ufffd'],
  ['pairs', '🐳', '🐳'],
  ['line breaks', 'a\nb\r\nc\td', 'a\nb\\r\nc\td'],
  ['bidi controls', '\u202eevil', '\\u202eevil'],
]

test('an XML reader reads hostile texts as they are meant', async () => {
  const xml = await render(texts.map(([, text]) => ({ message: text, file: `/home/${text}` })))
  const suites = readXml(xml).inner.slice(2)
  const shown = suites.map(({ attributes, inner: [only] }) => {
    const failure = only?.inner[0]
    return [attributes.name, failure?.attributes.message, failure?.text]
  })
  expect(shown).toEqual(texts.map(([, , read]) => [read, read, `3:16 error ${read}`]))
})
