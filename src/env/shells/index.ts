import { bash } from './bash.ts'
import { dotenv } from './dotenv.ts'
import { fish } from './fish.ts'
import { github } from './github.ts'
import { json } from './json.ts'
import { sh } from './sh.ts'
import type { Shell } from './shell.ts'
import { zsh } from './zsh.ts'

/** What `--shell` takes. The first is the default: it must not be chosen by `$SHELL`, which a script inherits. */
export const shells: readonly Shell[] = [sh, zsh, bash, fish, json, dotenv, github]
