import type { Variable } from '../registry/variable.ts'

/**
 * Unsets what earlier answers set and this one does not know: a shell that took its variables from them may still
 * have them, of an entry that is gone or of another home.
 */
export function toForgotten(
  variables: readonly Variable[],
  earlier: readonly { readonly variables: readonly Variable[] }[],
): Variable[] {
  const known = new Set(variables.map(({ name }) => name))
  const wereSet = earlier.flatMap(answer => answer.variables).filter(({ value }) => value !== undefined)
  const forgotten = new Set(wereSet.map(({ name }) => name).filter(name => !known.has(name)))
  return [...forgotten].sort().map(name => ({ name, value: undefined }))
}
