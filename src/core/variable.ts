/** A variable for a shell: set to the value, or unset when there is none. */
export interface Variable {
  /** Matches `^NEXUS_[A-Z0-9_]+$`. */
  readonly name: string
  readonly value: string | undefined
}
