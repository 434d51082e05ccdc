import { renderResult } from './render-markdown.ts'
import type { Result } from './run-benchmark.ts'

const begin = '<!-- measurements: npm run bench -- --write -->'
const end = '<!-- end of measurements -->'

/**
 * Puts results into the performance page. Sections of benchmarks that were not measured stay as they are; `names` says
 * in which order all of them stand.
 */
export function updatePerformancePage(
  page: string,
  results: readonly Result[],
  { machine, names }: { readonly machine: string; readonly names: readonly string[] },
): string {
  const start = page.indexOf(begin)
  const stop = page.indexOf(end)
  if (start < 0 || stop < start) throw new Error(`the performance page needs ${begin} and ${end}`)
  const sections = readSections(page.slice(start + begin.length, stop))
  for (const result of results) sections.set(result.name, renderResult(result, machine))
  const rendered = names.flatMap(name => sections.get(name) ?? [])
  return [page.slice(0, start + begin.length), ...rendered, page.slice(stop)].join('\n\n')
}

/** Sections of the page by the benchmark that wrote them. */
function readSections(text: string): Map<string, string> {
  const parts = text.split(/^(?=### )/m).map(part => part.trim())
  return new Map(
    parts.flatMap(part => {
      const name = /^<!-- bench ([\w-]+) -->$/m.exec(part)?.[1]
      return name === undefined ? [] : [[name, part]]
    }),
  )
}
