import { program } from '../../lib/program.ts'
import { toVisible, toVisibleJson } from '../../lib/text/visible.ts'
import type { Diagnostic, RuleSummary } from '../../registry/diagnostic.ts'
import type { DiagnosticsFormat, DiagnosticsView } from './format.ts'

/** SARIF 2.1.0 (OASIS), for code scanning. */
export const renderSarif: DiagnosticsFormat = (report, view) =>
  toVisibleJson({
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [toRun(report, view)],
  })

const toRun = (report: Parameters<DiagnosticsFormat>[0], view: DiagnosticsView) => ({
  tool: {
    driver: {
      name: program.name,
      version: program.version,
      semanticVersion: program.version,
      rules: view.rules.map(toRule),
    },
  },
  // Columns count UTF-16 code units, as everywhere in this program.
  columnKind: 'utf16CodeUnits',
  artifacts: report.files.map(file => ({ location: toLocation(file, view) })),
  invocations: [{ executionSuccessful: true }],
  results: createResults(report.diagnostics, view),
})

function toRule({ id, severity, summary }: RuleSummary) {
  const sentence = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`
  const levels = `Its level can be set with --rule ${id}=off|warn|error, or in the configuration.`
  return {
    id,
    shortDescription: { text: sentence },
    fullDescription: { text: sentence },
    help: { text: `${sentence} ${levels}`, markdown: `${sentence} ${levels.replace(/--rule \S+/, '`$&`')}` },
    defaultConfiguration: { level: severity },
  }
}

function createResults(diagnostics: readonly Diagnostic[], view: DiagnosticsView) {
  const indexes = new Map(view.rules.map(({ id }, index) => [id, index]))
  const toFingerprint = createFingerprints(view)
  return diagnostics.map(diagnostic => ({
    ruleId: diagnostic.rule,
    ruleIndex: indexes.get(diagnostic.rule) ?? -1,
    level: diagnostic.severity,
    message: { text: toText(diagnostic) },
    locations: [toPlace(diagnostic, view)],
    partialFingerprints: { 'nexusRegistry/v1': toFingerprint(diagnostic) },
  }))
}

function toText({ message, hint }: Diagnostic): string {
  return toVisible(hint === null ? message : `${message}. ${hint}`)
}

function toPlace(diagnostic: Diagnostic, view: DiagnosticsView) {
  const { file, line, column, end_line, end_column, pointer } = diagnostic
  return {
    physicalLocation: {
      artifactLocation: toLocation(file, view),
      region: { startLine: line, startColumn: column, endLine: end_line, endColumn: end_column },
    },
    ...(pointer === '' ? {} : { logicalLocations: [{ fullyQualifiedName: pointer, kind: 'value' }] }),
  }
}

// The same finding after lines were added above it is still the same: no line is part of this. Of several that say the
// same of one place, like a key that stands there three times, each is one of its own.
function createFingerprints(view: DiagnosticsView): (diagnostic: Diagnostic) => string {
  const counts = new Map<string, number>()
  return ({ rule, file, pointer, message }) => {
    const finding = [rule, view.toRepositoryPath(file), pointer, message]
    const count = counts.get(finding.join('\0')) ?? 0
    counts.set(finding.join('\0'), count + 1)
    return view.sha256(JSON.stringify(count === 0 ? finding : [...finding, count]))
  }
}

// Relative to the root of the checkout, wherever that was; what lies outside of it has an address of its own.
function toLocation(file: string, { toRepositoryPath }: DiagnosticsView) {
  const path = toRepositoryPath(file)
  const uri = path.split('/').map(encodePart).join('/')
  if (path.startsWith('/')) return { uri: `file://${uri}` }
  return /^[A-Za-z]:\//.test(path) ? { uri: `file:///${uri}` } : { uri, uriBaseId: '%SRCROOT%' }
}

// Half of a pair of surrogates has no encoding.
function encodePart(part: string): string {
  return encodeURIComponent(part.toWellFormed())
}
