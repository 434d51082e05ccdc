import { subRegistryNames } from '../../../registry/schema/names.ts'

/** Whether the server explains what a ref names: entries of the registries, and nothing else. */
export function isExplained(ref: string): boolean {
  return subRegistryNames.some(name => ref.startsWith(`${name}/`))
}
