import { parseCommandLine, parseDetection } from '../lib/shell/command-line.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import type { LoadHost } from '../registry/load/load-registry.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { idSchema } from '../registry/schema/common.ts'
import { uiComponents } from '../registry/schema/dashboard.ts'
import { entriesOf } from '../registry/snapshot.ts'
import { toVocabulary } from '../registry/vocabulary.ts'
import type { AdditionField } from './addition-kinds.ts'

/** What prompts of `add` know of a home. */
interface PromptWords {
  /** All values that a field may have; undefined when it takes any text. */
  readonly listWords: (field: AdditionField) => readonly string[] | undefined
  /** Why a text is no id, a sentence; undefined when it is one. */
  readonly checkId: (text: string) => string | undefined
  /** Why a text will not do for a field, a sentence; undefined when it will. */
  readonly checkField: (field: AdditionField, text: string) => string | undefined
}

/** Reads the vocabulary of a home, and the ids that fields refer to. */
export async function loadPromptWords({ directory }: RegistryHome, host: LoadHost): Promise<PromptWords> {
  const snapshot = await loadSnapshot(directory, host)
  const vocabulary = toVocabulary(snapshot.registries.hyper.content?.sub_registries)
  const listWords = ({ words }: AdditionField): readonly string[] | undefined => {
    if (words === 'components') return uiComponents
    if (words === 'providers' || words === 'microservices') return Object.keys(entriesOf(snapshot, words))
    return typeof words === 'string' ? vocabulary[words] : words
  }
  return { listWords, checkId, checkField: (field, text) => checkField(field, listWords(field), text) }
}

function checkId(text: string): string | undefined {
  if (idSchema.safeParse(text).success) return undefined
  return 'An id begins with a letter or a digit, and has letters, digits and . _ : / @ + -'
}

function checkField(
  { path: [key], type, words: kind }: AdditionField,
  words: readonly string[] | undefined,
  text: string,
): string | undefined {
  if (key === 'detection' || key === 'version_check') {
    const parsed = key === 'detection' ? parseDetection(text) : parseCommandLine(text)
    return parsed.ok ? undefined : parsed.message
  }
  if (type === 'number') return /^-?\d+(?:\.\d+)?$/.test(text) ? undefined : 'Expected a number'
  if (type !== 'list' || kind === undefined || words === undefined) return undefined
  const unknown = text.split(',').find(word => !words.includes(word.trim()))
  return unknown === undefined ? undefined : `Expected words of ${words.join(', ')}, separated by commas`
}
