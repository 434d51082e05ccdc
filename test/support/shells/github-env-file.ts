/**
 * What a runner of GitHub Actions on Linux reads: `EnvFileKeyValuePairs` of actions/runner
 * (`src/Runner.Worker/FileCommandManager.cs`), where a line ends at `\n` and a carriage return is part of the value.
 */
export function parseGithubEnvFile(text: string): Map<string, string> {
  const reader = createReader(text)
  const values = new Map<string, string>()
  for (let line = reader.next(); line !== undefined; line = reader.next()) {
    if (line.text !== '') values.set(...readEntry(line.text, reader))
  }
  return values
}

type Reader = ReturnType<typeof createReader>

function readEntry(line: string, reader: Reader): [name: string, value: string] {
  const [, name, sign, rest = ''] = /^(.*?)(=|<<)(.*)$/s.exec(line) ?? []
  if (!name || (sign === '<<' && rest === '')) throw new Error(`Invalid format '${line}'`)
  return [name, sign === '=' ? rest : readHeredoc(reader, rest)]
}

function readHeredoc(reader: Reader, delimiter: string): string {
  const start = reader.position()
  let end = start
  for (let line = reader.next(); line?.text !== delimiter; line = reader.next()) {
    if (line === undefined) throw new Error(`Matching delimiter not found '${delimiter}'`)
    if (!line.isEnded) throw new Error('EOF marker missing new line')
    end = reader.position() - '\n'.length
  }
  return end > start ? reader.between(start, end) : ''
}

function createReader(text: string) {
  let index = 0
  return {
    position: () => index,
    between: (start: number, end: number) => text.slice(start, end),
    next: (): { text: string; isEnded: boolean } | undefined => {
      if (index >= text.length) return undefined
      const start = index
      const end = text.indexOf('\n', start)
      index = end === -1 ? text.length : end + 1
      return { text: text.slice(start, end === -1 ? undefined : end), isEnded: end !== -1 }
    },
  }
}
