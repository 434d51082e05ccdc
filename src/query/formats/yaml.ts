import type { ScalarTag, Tags } from 'yaml'
import type { EntriesFormat } from './format.ts'

/**
 * A YAML sequence that reads the same in YAML 1.1 (PyYAML, Ansible, Ruby) and 1.2: whatever is not plainly a word or a
 * sentence stands in double quotes, as in JSON. No value is an anchor of another.
 */
export const renderYaml: EntriesFormat = async entries => {
  const { Document } = await import('yaml')
  const customTags = (usual: Tags): Tags => [text, number, ...usual]
  const options = { aliasDuplicateObjects: false, customTags }
  return new Document(entries, options).toString({ lineWidth: 0 })
}

const text: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  identify: value => typeof value === 'string',
  resolve: source => source,
  stringify: ({ value }) => toText(String(value)),
}

const number: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: value => typeof value === 'number',
  resolve: Number,
  // YAML 1.1 takes `1e-7` for a text: a number needs a point there.
  stringify: ({ value }) => String(value).replace(/^(-?\d+)e/, '$1.0e'),
}

const sentence = /^[A-Za-z](?:[\w ./()+,;@:-]*[\w./)+])?$/

/** Words that YAML 1.1 reads as truth values or as nothing. */
const reserved = /^(?:y|n|yes|no|on|off|true|false|null)$/i

function toText(text: string): string {
  if (sentence.test(text) && !reserved.test(text) && !text.includes(': ')) return text
  // JSON leaves these as they are, and YAML 1.1 reads them as line breaks or refuses them.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
