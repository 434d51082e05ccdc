/** Whether a client would rather have HTML than JSON, by its `Accept` (RFC 9110, 12.5.1). Who does not mind gets JSON. */
export function prefersHtml(accept: string): boolean {
  const ranges = accept.split(',').map(parseRange)
  return weigh('text/html', ranges) > weigh('application/json', ranges)
}

interface Range {
  readonly name: string
  readonly weight: number
}

function parseRange(text: string): Range {
  const [name = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase())
  const quality = parameters.find(parameter => parameter.startsWith('q='))
  const weight = quality === undefined ? 1 : Number(quality.slice(2))
  return { name, weight: weight >= 0 && weight <= 1 ? weight : 0 }
}

// The most exact range that fits counts.
function weigh(type: string, ranges: readonly Range[]): number {
  const fitting = [type, type.replace(/\/.*/, '/*'), '*/*']
  const best = fitting.flatMap(name => ranges.find(range => range.name === name) ?? [])
  return best[0]?.weight ?? 0
}
