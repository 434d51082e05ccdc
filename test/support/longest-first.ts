import nodePath from 'node:path'
import type { TestSpecification } from 'vitest/node'
import { BaseSequencer } from 'vitest/node'

/** What takes longest, longest first. A file that is missing here is one of the short ones. */
const longest: readonly string[] = [
  ...['e2e/freshness', 'e2e/hook', 'e2e/dashboard-web', 'e2e/hook-order', 'e2e/hook-trouble'],
  ...['cli/readme-commands', 'e2e/completion', 'e2e/kept-answers', 'e2e/env-encoding', 'e2e/sync'],
  ...['e2e/documented-servers', 'cli/without-home', 'e2e/watch', 'e2e/signals', 'e2e/dashboard-web-hostile'],
  ...['cli/shell-texts', 'e2e/dashboard-web-live', 'e2e/launcher-node', 'e2e/env-program-encoding'],
  ...['e2e/dashboard-terminal', 'e2e/dashboard-web-command', 'sync/watch/watch', 'e2e/serve-threats'],
  ...['server/leak', 'golden/commands', 'detection/rbenv-family', 'registry/update-home'],
  ...['server/access-walk', 'validate/hostile', 'detection/python', 'query/jq', 'server/events'],
  ...['server/documents', 'server/views', 'security/access/visible-snapshot'],
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
