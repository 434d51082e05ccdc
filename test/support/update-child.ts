import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import nodePath from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { onTestFinished } from 'vitest'

export interface UpdateChild {
  readonly process: ChildProcess
  /** Waits for a line that the child prints. */
  said(line: string): Promise<void>
  /** Settles when it has ended and its parent knows. */
  readonly ended: Promise<unknown>
}

export type StartUpdateChild = (mode: string, home: string, mark?: string) => UpdateChild

/** Bundles the child once, since fifty of them start, and gives what starts one. They are killed after the test. */
export async function buildUpdateChild(directory: string): Promise<StartUpdateChild> {
  const outfile = nodePath.join(directory, 'update-child.mjs')
  await build({
    entryPoints: [nodePath.join(import.meta.dirname, 'children/update-child.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['execa'],
    logLevel: 'error',
  })
  return (mode, home, mark = '') => {
    const child = spawn(process.execPath, [outfile, mode, home, mark], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    return { process: child, said: line => waitForLine(child, line), ended: once(child, 'exit') }
  }
}

async function waitForLine(child: ChildProcess, line: string): Promise<void> {
  if (!child.stdout) throw new Error('the child has no stdout')
  for await (const each of createInterface(child.stdout)) if (each === line) return
  throw new Error(`the child ended without saying ${line}`)
}
