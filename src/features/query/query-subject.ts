import type { RegistryName } from '../../schema/names.ts'

/** What is asked: one registry, or all nine. */
export type QuerySubject = RegistryName | 'all'
