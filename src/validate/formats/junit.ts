import { program } from '../../lib/program.ts'
import { renderCount } from '../../lib/text/format.ts'
import { toVisible } from '../../lib/text/visible.ts'
import type { Diagnostic, ValidationReport } from '../../registry/diagnostic.ts'
import type { DiagnosticsFormat, DiagnosticsView } from './format.ts'

/** JUnit's XML as Jenkins and GitLab read it: a suite for each file, in it a case for each rule that found something. */
export const renderJunit: DiagnosticsFormat = (report, view) => {
  const suites = report.files.map(file => toSuite(file, report, view))
  const counts = toCounts(suites.flatMap(({ cases }) => cases))
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    openTag('testsuites', { name: `${program.name} validate`, ...counts }),
    ...suites.flatMap(renderSuite),
    '</testsuites>',
  ].join('\n')
}

interface Suite {
  readonly name: string
  readonly cases: readonly Case[]
}

interface Case {
  readonly name: string
  readonly findings: readonly Diagnostic[]
  readonly isFailure: boolean
}

function toSuite(file: string, { diagnostics }: ValidationReport, view: DiagnosticsView): Suite {
  const own = diagnostics.filter(diagnostic => diagnostic.file === file)
  const rules = [...new Set(own.map(({ rule }) => rule))].sort()
  const cases = rules.map(rule => toCase(rule, own, view))
  const passed = { name: 'valid', findings: [], isFailure: false }
  return { name: view.toRepositoryPath(file), cases: cases.length > 0 ? cases : [passed] }
}

function toCase(rule: string, own: readonly Diagnostic[], { doWarningsCount }: DiagnosticsView): Case {
  const findings = own.filter(diagnostic => diagnostic.rule === rule)
  // A pipeline must not fail by its test report when the call itself has not failed.
  const isFailure = doWarningsCount || findings.some(({ severity }) => severity === 'error')
  return { name: rule, findings, isFailure }
}

function toCounts(cases: readonly Case[]) {
  return { tests: cases.length, failures: cases.filter(({ isFailure }) => isFailure).length, errors: 0 }
}

function renderSuite({ name, cases }: Suite): string[] {
  return [
    `  ${openTag('testsuite', { name, ...toCounts(cases) })}`,
    ...cases.flatMap(each => renderCase(name, each)),
    '  </testsuite>',
  ]
}

function renderCase(file: string, { name, findings, isFailure }: Case): string[] {
  const open = openTag('testcase', { name, classname: file, file, line: findings[0]?.line ?? 1 })
  if (findings.length === 0) return [`    ${open}</testcase>`]
  const text = escapeXml(findings.map(renderFinding).join('\n'))
  const message = findings.length === 1 ? findings[0]?.message : renderCount(findings.length, 'finding')
  const failure = openTag('failure', { type: name, message: message ?? '' })
  const body = isFailure ? `${failure}${text}</failure>` : `<system-out>${text}</system-out>`
  return [`    ${open}`, `      ${body}`, '    </testcase>']
}

function renderFinding({ line, column, severity, message, hint }: Diagnostic): string {
  return `${line}:${column} ${severity} ${message}${hint === null ? '' : `\n  ${hint}`}`
}

function openTag(name: string, attributes: Readonly<Record<string, string | number>>): string {
  const texts = Object.entries(attributes).map(
    ([key, value]) =>
      ` ${key}="${escapeXml(String(value)).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`,
  )
  return `<${name}${texts.join('')}>`
}

// What XML 1.0 has no way of writing, whatever it is escaped by, goes: control characters are spelled out before that.
const notXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeXml(text: string): string {
  const legal = toVisible(text).replace(notXml, '\ufffd')
  return legal.replace(/[&<>"]/g, character => entities[character] ?? '')
}
