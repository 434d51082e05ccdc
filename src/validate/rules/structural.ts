import type { Rule } from '../rule.ts'

/** Rules that apply while a file is read: `src/registry/load/` creates their diagnostics. */
export const structuralRules: readonly Rule[] = [
  {
    id: 'missing-registry',
    severity: 'error',
    summary: 'one of the nine registry files is not there, or cannot be read',
  },
  { id: 'encoding', severity: 'error', summary: 'a file is not UTF-8 without a byte order mark' },
  { id: 'json-syntax', severity: 'error', summary: 'a file is not JSON, too large, or nested too deep' },
  { id: 'duplicate-key', severity: 'error', summary: 'an object has the same key twice' },
  { id: 'schema', severity: 'error', summary: 'a value is missing, or not what its field expects' },
  { id: 'unknown-field', severity: 'error', summary: 'a key is not known and does not begin with x-' },
  { id: 'id-format', severity: 'error', summary: 'the id of an entry has characters that ids may not have' },
]
