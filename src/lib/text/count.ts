/** A number and what is counted: `1 tool`, `2 tools`, `3 registries` with its own plural. */
export function renderCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`
}
