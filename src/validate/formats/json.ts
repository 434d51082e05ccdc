import { toVisibleJson } from '../../lib/text/visible.ts'
import type { DiagnosticsFormat } from './format.ts'

/** The report as it is, for programs. Paths are absolute. */
export const renderJsonReport: DiagnosticsFormat = report => toVisibleJson(report)
