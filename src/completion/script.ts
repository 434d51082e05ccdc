import { registryFiles, registryNames } from '../registry/schema/names.ts'
import type { CompletedProgram } from './completion.ts'

/** Completion for one shell: what is the same for every program stands in a file, the rest is generated. */
export interface CompletionScript {
  readonly shell: string
  /** The whole script. `engine` is the text of its file in `shell/`, in which `#@` marks the line for what is generated. */
  render(program: CompletedProgram, engine: string): string
}

/** Puts the generated part in the place of its mark. */
export function fillEngine(engine: string, generated: string): string {
  return engine.replace(/^#@.*$/m, () => generated)
}

/** A word as zsh and bash read it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Names of the registry files: words that are older than one of these are not believed. */
export const fileNames: readonly string[] = registryNames.map(name => registryFiles[name])

/** Names of the subcommands, for shells that show no descriptions. */
export function commandNames({ commands }: CompletedProgram): string[] {
  return commands.map(({ name }) => name)
}
