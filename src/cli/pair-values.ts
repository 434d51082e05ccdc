/** Options of `query` that take a name and a value, as jq's do. */
const pairOptions = ['--arg', '--argjson', '--slurpfile', '--rawfile']

/** What stands between the two: no argument of a program can hold it. */
const separator = '\0'

/** Makes one argument of the two values that an option like `--arg` takes: options of Commander take one. */
export function pairValues(argv: readonly string[]): string[] {
  const end = argv.indexOf('--')
  const paired: string[] = []
  for (let index = 0; index < argv.length; index += 1) {
    const [option = '', name, value] = argv.slice(index)
    paired.push(option)
    const isPair = pairOptions.includes(option) && (end === -1 || index < end)
    if (!isPair || name === undefined || value === undefined) continue
    paired.push(`${name}${separator}${value}`)
    index += 2
  }
  return paired
}

/** The two values of such an argument; undefined when there was only one. */
export function splitPair(text: string): { name: string; value: string } | undefined {
  const at = text.indexOf(separator)
  return at === -1 ? undefined : { name: text.slice(0, at), value: text.slice(at + 1) }
}
