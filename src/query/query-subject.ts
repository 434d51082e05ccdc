import type { RegistryName } from '../registry/schema/names.ts'

/** What is asked: one registry, or all nine. */
export type QuerySubject = RegistryName | 'all'
