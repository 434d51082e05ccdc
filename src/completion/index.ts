import { bashCompletion } from './bash.ts'
import type { CompletionScript } from './completion.ts'
import { fishCompletion } from './fish.ts'
import { zshCompletion } from './zsh.ts'

/** What `completion` prints a script for. */
export const completionScripts: readonly CompletionScript[] = [zshCompletion, bashCompletion, fishCompletion]
