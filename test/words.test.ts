import { readdirSync, readFileSync, statSync } from 'node:fs'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { listDocuments } from './support/documents.ts'
import { readSourceFiles } from './support/source-files.ts'

/** Words that `docs/glossary.md` replaces: never in names, comments, messages or documents. */
const heldWords =
  /\b(?:whoever|whom|told|surroundings|good cop(?:y|ies)|sound notes|put right|mends?|comes to nothing|doorway|point of no return)\b/gi

/** The same for exported names: words in camel case, as whole words of a name. */
const heldNames =
  /\b(?:question|answer|look|edition|serving|write order|standing|aside|inbox|letters|turn|course|keeping)s?\b/gi

/** Uses of a held word in another sense. */
const exceptions: readonly { readonly place: string; readonly word: string; readonly reason: string }[] = [
  { place: 'src/registry/schema/alert-memory.ts', word: 'told', reason: 'a key of a file that homes have' },
  { place: 'src/sync/alert/alert-memory.ts', word: 'told', reason: 'a key of a file that homes have' },
]

const isException = (place: string, word: string) =>
  exceptions.some(exception => exception.place === place && exception.word === word.toLowerCase())

// The changelog is history.
const documents = listDocuments().filter(name => name !== 'CHANGELOG.md')
const files = [...['src', 'bin', 'shell'].flatMap(listFiles), ...documents]

describe('the words of the glossary', () => {
  test.each([
    ['// Whoever asks is told', ['Whoever', 'told']],
    ['const toldPaths = hasDoorway', ['told', 'Doorway']],
    ['MEND_SURROUNDINGS', ['MEND', 'SURROUNDINGS']],
    ['a good copy stands in', ['good copy']],
    ['recommended, amended, bold', []],
  ])('%s', (line, words) => {
    expect(findWords(heldWords, line)).toEqual(words)
  })

  test.each([
    ['CachedAnswer', ['Answer']],
    ['toQuestions', ['Questions']],
    ['WriteOrder', ['Write Order']],
    ['Lookup', []],
    ['returnValue', []],
  ])('%s as a name', (name, words) => {
    expect(findWords(heldNames, name)).toEqual(words)
  })

  test('are used in the source, the launcher, the shell files and the documents', () => {
    expect(files.length).toBeGreaterThan(100)
    const found = files.flatMap(file =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          findWords(heldWords, line)
            .filter(word => !isException(file, word))
            .map(word => `${file}:${index + 1}: ${word}`),
        ),
    )
    expect(found).toEqual([])
  })

  test('are used in exported names', () => {
    const found = readSourceFiles()
      .map(({ path, exports }) => ({ path: `src/${path}`, exports }))
      .flatMap(({ path, exports }) =>
        exports
          .filter(name => findWords(heldNames, name).some(word => !isException(name, word)))
          .map(name => `${path}: ${name}`),
      )
    expect(found).toEqual([])
  })

  test('have only exceptions that are needed', () => {
    const names = readSourceFiles().flatMap(({ exports }) => exports)
    const isNeeded = ({ place, word }: (typeof exceptions)[number]) =>
      names.includes(place)
        ? findWords(heldNames, place).some(found => found.toLowerCase() === word)
        : files.includes(place) &&
          findWords(heldWords, readFileSync(place, 'utf8')).some(found => found.toLowerCase() === word)
    expect(exceptions.filter(exception => !isNeeded(exception))).toEqual([])
  })
})

/** Finds words in a text, also within identifiers: `toldPaths`, `TOLD_PATHS`. */
function findWords(words: RegExp, text: string): string[] {
  const spaced = text.replace(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll('_', ' ')
  return spaced.match(words) ?? []
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => nodePath.posix.join(folder, name.replaceAll('\\', '/')))
    .filter(path => statSync(path).isFile())
    .toSorted()
}
