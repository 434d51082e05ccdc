/** A variable for a shell: set to the value, or unset when there is none. */
export interface Variable {
  /** See `isVariableName`. */
  readonly name: string
  readonly value: string | undefined
}

/** Whether a variable may be exported: nothing but `NEXUS_*`, so that nothing from outside can set `PATH`. */
export function isVariableName(name: string): boolean {
  return /^NEXUS_(?!REGISTRY_)[A-Z0-9_]+$/.test(name)
}
