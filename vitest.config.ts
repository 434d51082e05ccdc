import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

// Node's own settings of whoever starts the tests are none of theirs, and one more file of certificates makes each
// start of Node half as long again.
for (const name of Object.keys(process.env)) {
  if (/^NODE_(?!ENV$|V8_COVERAGE$)/.test(name)) delete process.env[name]
}

/** Files that start programs, take signals or measure memory have a process each. */
const own = ['test/{cli,e2e,platform,sync/watch}/**/*.test.ts', 'test/server/memory.test.ts']

export default defineConfig({
  test: {
    // Real processes share two cores with the tests themselves: generous here, deadlines live in the code.
    testTimeout: 120_000,
    // Most of them wait for processes: on two cores a third worker works while two wait.
    maxWorkers: 3,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    globalSetup: ['test/support/build-once.ts'],
    sequence: { sequencer: LongestFirst },
    onConsoleLog: () => {
      throw new Error('unexpected output: a test or the code under test wrote to the console')
    },
    projects: [
      { extends: true, test: { name: 'own process', include: own } },
      // Loading a file's modules takes longer than most of these tests: each is loaded once for all of them.
      {
        extends: true,
        test: {
          name: 'shared process',
          include: ['test/**/*.test.ts'],
          exclude: own,
          isolate: false,
          setupFiles: ['test/support/few-runs.ts'],
        },
      },
    ],
  },
})
