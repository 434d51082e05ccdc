/** What an entry of `requires` names, and the versions of it that will do. */
export interface RequirementParts {
  readonly name: string
  readonly range: string | undefined
}

/** Reads `aefa` or `aefa@^1.2.0`. A range begins with a character that no id has, so `a@1` is an id. */
export function parseRequirement(text: string): RequirementParts {
  const start = text.search(/@[<>=^~*]/)
  if (start < 1) return { name: text, range: undefined }
  return { name: text.slice(0, start), range: text.slice(start + 1) }
}
