import { bash } from './bash.ts'
import { fish } from './fish.ts'
import type { CompletionScript } from './script.ts'
import { zsh } from './zsh.ts'

/** What `completion` prints a script for. */
export const completionScripts: readonly CompletionScript[] = [zsh, bash, fish]
