import type { RegistryName } from '../../../src/registry/schema/names.ts'
import { type HomeTexts, soundTexts } from './valid-home.ts'

type Word = 'public_read' | 'auth_read' | 'admin_only'

/** The hyper registry of the sound home, with other rights. What is not listed is for admin alone. */
export function toHyper(access: Partial<Record<RegistryName, Word>>): string {
  return JSON.stringify({ ...JSON.parse(soundTexts.hyper), access_control: access }, null, 2)
}

/** The sound home, with other rights. */
export function withAccess(access: Partial<Record<RegistryName, Word>>): HomeTexts {
  return { ...soundTexts, hyper: toHyper(access) }
}
