import { existsSync } from 'node:fs'
import path from 'node:path'
import { packageRoot } from './sandbox.ts'

/** Another program that does a similar job. */
export type Peer =
  | { readonly isFound: true; readonly file: string }
  | { readonly isFound: false; readonly skipped: string }

/** Looks for a file of a package that `npm ci` installs. */
export function findPeer(file: string): Peer {
  const place = path.join(packageRoot, 'node_modules', file)
  if (existsSync(place)) return { isFound: true, file: place }
  return { isFound: false, skipped: `${file.split('/')[0]} is not installed (npm ci): its rows are skipped` }
}
