export interface Metric {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: readonly MetricSample[]
}

export interface MetricSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const types = ['counter', 'gauge', 'histogram', 'summary', 'untyped']
const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/
const escapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' }

/** Reads the text format of Prometheus (0.0.4), and throws for everything that is not in it, or is there twice. */
export function parseMetrics(text: string): ReadonlyMap<string, Metric> {
  if (!text.endsWith('\n')) throw new Error('the last line is not ended')
  const metrics = new Map<string, Metric>()
  const seen = new Set<string>()
  for (const block of text.trimEnd().split(/\n(?=# HELP )/)) {
    const [help = '', type = '', ...lines] = block.split('\n').filter(line => line !== '')
    const metric = parseHead(help, type)
    if (metrics.has(metric.name)) throw new Error(`${metric.name} is there twice`)
    const samples = lines.map(line => parseSample(line, metric))
    for (const sample of samples) {
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()])
      if (seen.has(key)) throw new Error(`${key} is there twice`)
      seen.add(key)
    }
    metrics.set(metric.name, { ...metric, samples })
  }
  return metrics
}

function parseHead(helpLine: string, typeLine: string) {
  const [, about = '', help = ''] = /^# HELP (\S+) (.+)$/.exec(helpLine) ?? fail(helpLine)
  const [, typed, type = ''] = /^# TYPE (\S+) (\S+)$/.exec(typeLine) ?? fail(typeLine)
  if (typed !== about || !types.includes(type) || name.exec(about)?.[0] !== about) fail(typeLine)
  return { name: about, type, help }
}

function parseSample(line: string, metric: { readonly name: string; readonly type: string }): MetricSample {
  const [own = ''] = name.exec(line) ?? fail(line)
  const suffix = own.startsWith(metric.name) ? own.slice(metric.name.length) : fail(line)
  const allowed = metric.type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
  if (!allowed.includes(suffix)) fail(line)
  const { labels, rest } = parseLabels(line.slice(own.length), line)
  // As Go's ParseFloat reads it, which Prometheus uses.
  const [, value = ''] = /^ (nan|[+-]inf|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i.exec(rest) ?? fail(line)
  return { name: own, labels, value: Number(value.replace(/inf/i, 'Infinity')) }
}

function parseLabels(text: string, line: string) {
  const labels: Record<string, string> = {}
  if (!text.startsWith('{')) return { labels, rest: text }
  let at = 1
  for (;;) {
    const [whole = '', key = '', value = '', end] =
      /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"([,}])/.exec(text.slice(at)) ?? fail(line)
    if (Object.hasOwn(labels, key)) fail(line)
    labels[key] = value.replace(/\\[\\"n]/g, written => escapes[written] ?? '')
    at += whole.length
    if (end === '}') return { labels, rest: text.slice(at) }
  }
}

function fail(line: string): never {
  throw new Error(`this is no metric: ${line}`)
}
