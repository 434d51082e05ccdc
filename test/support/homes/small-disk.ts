import { execFileSync } from 'node:child_process'
import { onTestFinished } from 'vitest'

/**
 * Mounts an empty file system of that size (like `96k`) on a directory for the length of a test. False when this user
 * may not mount, and the test is to be skipped; under `CI=true` that throws.
 */
export function mountSmallDisk(directory: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0755`, 'tmpfs', directory], {
      stdio: 'pipe',
    })
  } catch (cause) {
    if (process.env.CI !== 'true') return false
    throw new Error('mounting is not permitted: under CI=true the tests with a small disk must run', {
      cause,
    })
  }
  // Lazily: something of a failed test may still have a file open there.
  onTestFinished(() => {
    execFileSync('umount', ['-l', directory], { stdio: 'pipe' })
  })
  return true
}

/** Makes a mounted file system read-only. */
export function remountReadOnly(directory: string): void {
  execFileSync('mount', ['-o', 'remount,ro', directory], { stdio: 'pipe' })
}
