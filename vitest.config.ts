import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

// Node's own settings of whoever starts the tests are none of theirs, and one more file of certificates makes each
// start of Node half as long again.
for (const name of Object.keys(process.env)) {
  if (/^NODE_(?!ENV$|V8_COVERAGE$)/.test(name)) delete process.env[name]
}

/** End-to-end tests that load what they test, mostly to run commands in their own process, and leave it as it was. */
const inProcess = [
  ...[
    'copies',
    'dashboard-web',
    'dashboard-web-command',
    'dashboard-web-hostile',
    'dashboard-web-live',
    'env',
  ],
  ...[
    'env-encoding',
    'env-program-encoding',
    'everyday-names',
    'explain',
    'graph',
    'has',
    'query',
    'serve-write',
  ],
  ...['services', 'shared-home', 'sync', 'token', 'upgrade', 'upstream', 'validate', 'validate-ci', 'watch'],
]

/** Files that mostly start programs, take signals, look at V8 or measure memory have a process each. */
const own = [
  'test/cli/{interrupt,launcher,output,readme-commands,shell-texts}.test.ts',
  `test/e2e/!(${inProcess.map(name => `${name}.test.ts`).join('|')})`,
  'test/platform/{code-cache,jq-runner,listen-for-interrupt,open-screen,respawn-detached}.test.ts',
  'test/server/memory.test.ts',
  'test/sync/watch/watch.test.ts',
]

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
