/** Versions that a `.tool-versions` file chooses, by tool: `nodejs 20.11.0 system # comment`. */
export function parseToolVersions(text: string): ReadonlyMap<string, readonly string[]> {
  const chosen = new Map<string, readonly string[]>()
  for (const line of text.split(/\r?\n/)) {
    const [tool, ...versions] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (tool && versions.length > 0 && !chosen.has(tool)) chosen.set(tool, versions)
  }
  return chosen
}
