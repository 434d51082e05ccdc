import type { Words } from '../completion/completion.ts'
import { completionScripts } from '../completion/index.ts'
import { shells } from '../env/shells/index.ts'
import { graphFormats } from '../graph/formats/index.ts'
import { graphEdgeTypes } from '../graph/graph.ts'
import { entriesFormats } from '../query/formats/index.ts'
import { subRegistryNames } from '../registry/schema/names.ts'
import { diagnosticsFormats } from '../validate/formats/index.ts'
import { listRuleChoices } from '../validate/rule-levels.ts'

/** What completion offers for a placeholder of help, `<id>`: in any subcommand, or in the one that stands before. */
const wordsByPlaceholder: Readonly<Record<string, Words>> = {
  address: 'free',
  id: 'id',
  ref: 'ref',
  registry: 'registry',
  filter: 'filter',
  dir: 'directory',
  file: 'file',
  path: 'file',
  days: 'free',
  n: 'free',
  range: 'free',
  seconds: 'free',
  'completion shell': completionScripts.map(({ shell }) => shell),
  'env name': shells.map(({ name }) => name),
  'graph format': Object.keys(graphFormats),
  'graph type': graphEdgeTypes,
  'help command': 'command',
  'query args': 'free',
  'query condition': 'fields',
  'query field': 'fields',
  'query fields': 'fields',
  'query format': ['table', ...Object.keys(entriesFormats)],
  'query name': 'free',
  'query value': 'free',
  'sync registry': subRegistryNames,
  'token id': 'free',
  'token text': 'free',
  'token time': 'free',
  'trust path': 'directory',
  'validate format': Object.keys(diagnosticsFormats),
  'validate rule': listRuleChoices(),
}

/** What may stand for `<placeholder>` of a subcommand. Nothing is offered for one that is not known here. */
export function findWords(command: string, placeholder: string): Words {
  return wordsByPlaceholder[`${command} ${placeholder}`] ?? wordsByPlaceholder[placeholder] ?? 'free'
}

/** Whether it has been said what may stand for a placeholder. */
export function isKnownPlaceholder(command: string, placeholder: string): boolean {
  return [`${command} ${placeholder}`, placeholder].some(key => Object.hasOwn(wordsByPlaceholder, key))
}
