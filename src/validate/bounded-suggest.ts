import { suggest } from '../lib/text/nearest.ts'

// Comparing two ids takes a few microseconds: this many are done in a fraction of a second.
const maxComparisons = 100_000

/** `suggest` that stops answering when it has compared so much that a hostile file would make it slow. */
export function createBoundedSuggest(): (word: string, candidates: Iterable<string>) => string | undefined {
  let left = maxComparisons
  return (word, candidates) => {
    if (left <= 0) return undefined
    const list = [...candidates]
    left -= list.length
    return suggest(word, list)
  }
}
