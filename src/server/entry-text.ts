/** The text of an entry as it is served. */
export function toEntryText(entry: unknown): string {
  return `${JSON.stringify(entry, null, 2)}\n`
}
