import type { EntriesFormat } from './format.ts'

/** A YAML sequence. Texts stay on a line of their own, and no value is an anchor of another. */
export const renderYaml: EntriesFormat = async entries => {
  const { stringify } = await import('yaml')
  return stringify(entries, { lineWidth: 0, aliasDuplicateObjects: false })
}
