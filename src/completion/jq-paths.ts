import { isJsonObject } from '../lib/json/json-value.ts'

/** A path as jq reads it, `.docker.detected.version`, and the value at its end. */
export interface JqPath {
  readonly path: string
  readonly value: unknown
}

/** The paths one key deeper than these: keys of objects, in their order. Lists are not entered. */
export function toDeeperPaths(paths: readonly JqPath[]): JqPath[] {
  return paths.flatMap(({ path, value }) =>
    isJsonObject(value)
      ? Object.entries(value).map(([key, inner]) => ({ path: `${path}.${toJqKey(key)}`, value: inner }))
      : [],
  )
}

// jq's manual: `.foo` is for keys like identifiers, `."foo-bar"` for all others. JSON's quotes are jq's: a backslash
// is doubled, so `\(` begins no interpolation.
function toJqKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : JSON.stringify(key)
}
