// Go's unicode.IsSpace.
const leadingSpace = /^[\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/
// bufio.MaxScanTokenSize: what Go's scanner has room for, a line with its end.
const scannerBytes = 64 * 1024

/** What `docker run --env-file` reads: `parseKeyValueFile` of docker/cli, over the lines of Go's bufio.ScanLines. */
export function parseDockerEnvFile(text: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const [index, scanned] of toLines(text).entries()) {
    const line = (index === 0 ? scanned.replace(/^\ufeff/, '') : scanned).replace(leadingSpace, '')
    if (line === '' || line.startsWith('#')) continue
    const end = line.indexOf('=')
    const name = end === -1 ? line : line.slice(0, end)
    if (name === '' || /[ \t]/.test(name)) throw new Error(`Docker refuses the line ${JSON.stringify(line)}`)
    if (end !== -1) values.set(name, line.slice(end + 1))
  }
  return values
}

function toLines(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  for (const line of lines) {
    if (Buffer.byteLength(line) + 1 > scannerBytes) throw new Error('bufio.Scanner: token too long')
  }
  return lines.map(line => line.replace(/\r$/, ''))
}
