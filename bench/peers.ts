import { accessSync, constants, existsSync } from 'node:fs'
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

/** Looks for a program on PATH, where `npm run` adds what packages bring. */
export function findProgram(name: string): Peer {
  const places = (process.env.PATH ?? '').split(path.delimiter).map(place => path.join(place, name))
  const file = places.find(isExecutable)
  if (file !== undefined) return { isFound: true, file }
  return { isFound: false, skipped: `${name} is not on PATH: its rows are skipped` }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
