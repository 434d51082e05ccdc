import { bash } from './bash.ts'
import type { CompletionScript } from './completion.ts'
import { fish } from './fish.ts'
import { zsh } from './zsh.ts'

/** What `completion` prints a script for. */
export const completionScripts: readonly CompletionScript[] = [zsh, bash, fish]
