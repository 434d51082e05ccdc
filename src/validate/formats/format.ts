import type { Style } from '../../lib/terminal/style.ts'
import type { RuleSummary, ValidationReport } from '../../registry/diagnostic.ts'

/** What a format may need besides the report. */
export interface DiagnosticsView {
  readonly style: Style
  /** Texts of the files by path, for code frames. */
  readonly sources: ReadonlyMap<string, string>
  /** Columns of the terminal; undefined when it is none. */
  readonly width: number | undefined
  /** Path of a file as it is shown. */
  readonly toShownPath: (file: string) => string
  /** Path of a file in the repository, with `/` between its parts: what services that show findings look it up by. */
  readonly toRepositoryPath: (file: string) => string
  /** All rules, found or not. */
  readonly rules: readonly RuleSummary[]
  /** Whether warnings fail the call, as they do with `--strict` or when there are too many. */
  readonly doWarningsCount: boolean
  readonly sha256: (text: string) => string
}

/** One way of writing a report down. */
export type DiagnosticsFormat = (report: ValidationReport, view: DiagnosticsView) => string
