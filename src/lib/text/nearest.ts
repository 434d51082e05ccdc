import leven from 'leven'

const longestWord = 128

/** The candidate that a misspelt word most likely means; undefined when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  return nearestFew(word, candidates, 1)[0]
}

/** The candidates that a misspelt word may mean, the most likely ones first. */
export function nearestFew(word: string, candidates: readonly string[], most: number): string[] {
  // Longer words are no misspelt ids, and comparing them takes the square of their length.
  if (word.length > longestWord) return []
  const allowed = Math.max(1, Math.floor(word.length / 3))
  return candidates
    .filter(candidate => Math.abs(candidate.length - word.length) <= allowed)
    .map(candidate => ({ candidate, distance: leven(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((left, right) => left.distance - right.distance)
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

/** "Did you mean x?", or undefined when nothing is near. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const found = nearest(word, candidates)
  return found === undefined ? undefined : `Did you mean ${JSON.stringify(found)}?`
}
