import fc from 'fast-check'
import { rounds } from './stress.ts'

// What properties do that do not say how often.
fc.configureGlobal({ numRuns: rounds(100) })
