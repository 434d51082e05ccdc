/** One word that POSIX shells and fish read alike. In fish a backslash between single quotes may mean more than itself. */
export function quoteForAnyShell(text: string): string {
  return `'${text.replace(/['\\]/g, character => `'\\${character}'`)}'`
}
