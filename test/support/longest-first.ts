import nodePath from 'node:path'
import type { TestSpecification } from 'vitest/node'
import { BaseSequencer } from 'vitest/node'

/** What takes longest, longest first. A file that is missing here is one of the short ones. */
const longest: readonly string[] = [
  ...['e2e/freshness', 'e2e/hook', 'e2e/dashboard-web', 'e2e/hook-trouble', 'e2e/kept-answers'],
  ...['cli/readme-commands', 'e2e/hook-order', 'e2e/completion', 'e2e/copies', 'e2e/dashboard-web-live'],
  ...['e2e/sync', 'e2e/serve-life', 'e2e/watch', 'e2e/launcher-node', 'e2e/graph', 'e2e/query'],
  ...['e2e/signals', 'e2e/dashboard-web-hostile', 'e2e/serve-write', 'e2e/env', 'e2e/scarcity'],
  ...['serve/leak', 'validate/hostile', 'probes/rbenv-family', 'serve/views', 'serve/access-walk'],
  ...['serve/documents', 'serve/events', 'query/jq', 'probes/python'],
]

/**
 * Runs long files before short ones, so that at the end no worker waits for another. Those that share a process come
 * one after the other: it lives only as long as the next file is for it.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((left, right) => rank(left) - rank(right))
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  const name = nodePath.relative('test', moduleId).replace(/\.test\.ts$/, '')
  const index = longest.indexOf(name)
  const place = index === -1 ? longest.length : index
  return project.config.isolate ? place : 1000 + place
}
