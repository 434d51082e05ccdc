import fc from 'fast-check'
import { afterAll } from 'vitest'
import { rounds } from './stress.ts'
import { removeLastingDirectories } from './test-host.ts'

// What properties do that do not say how often.
fc.configureGlobal({ numRuns: rounds(100) })

afterAll(removeLastingDirectories)
