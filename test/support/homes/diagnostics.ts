import type { Diagnostic, ValidationReport } from '../../../src/registry/diagnostic.ts'

/** A finding in `/home/tool_registry.json`, but for what is said otherwise. */
export function createDiagnostic(changes: Partial<Diagnostic> = {}): Diagnostic {
  return {
    rule: 'schema',
    severity: 'error',
    message: 'tools/docker.env_var: expected a name like NEXUS_HAS_DOCKER, found "docker"',
    file: '/home/tool_registry.json',
    line: 3,
    column: 16,
    end_line: 3,
    end_column: 24,
    pointer: '/docker/env_var',
    hint: null,
    ...changes,
  }
}

/** A report of two files and these findings. */
export function createReport(diagnostics: readonly Diagnostic[]): ValidationReport {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const files = [
    '/home/hyper_registry.json',
    '/home/tool_registry.json',
    ...diagnostics.map(({ file }) => file),
  ]
  return {
    valid: errors === 0,
    files: [...new Set(files)],
    errors,
    warnings: diagnostics.length - errors,
    diagnostics,
  }
}
