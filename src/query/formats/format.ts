/** Renders entries for other programs: objects whose first key is their id. */
export type EntriesFormat = (
  entries: readonly Readonly<Record<string, unknown>>[],
) => string | Promise<string>
