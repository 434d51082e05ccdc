import { accessSync, constants } from 'node:fs'
import nodePath from 'node:path'

const required: readonly string[] = ['zsh', 'bash', 'dash', 'fish', 'shellcheck', 'jq']

/**
 * Absolute path of a shell, or of another program that tests compare with, on PATH; undefined when this machine lacks it, so that its tests are reported as skipped.
 * Under `CI=true` a missing zsh, bash, dash, fish, shellcheck or jq throws.
 */
export function findShell(name: string): string | undefined {
  const directories = (process.env.PATH ?? '').split(nodePath.delimiter).filter(nodePath.isAbsolute)
  const found = directories.map(directory => nodePath.join(directory, name)).find(isExecutable)
  if (found === undefined && process.env.CI === 'true' && required.includes(name)) {
    throw new Error(`${name} is not on PATH: under CI=true its tests must run`)
  }
  return found
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
