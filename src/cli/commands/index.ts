import type { RegisterCommand } from '../command-context.ts'

/** All subcommands, in the order in which help shows them. */
export const commands: readonly RegisterCommand[] = []
