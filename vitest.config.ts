import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real processes share two cores with the tests themselves: generous here, deadlines live in the code.
    testTimeout: 30_000,
    // Most of them wait for processes: two at a time take two thirds of the time on two cores.
    maxWorkers: 2,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    globalSetup: ['test/support/build-once.ts'],
    onConsoleLog: () => {
      throw new Error('unexpected output: a test or the code under test wrote to the console')
    },
  },
})
