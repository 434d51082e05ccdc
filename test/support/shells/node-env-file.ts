import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { temporaryDirectory } from '../test-host.ts'

const print = 'process.stdout.write(JSON.stringify(Object.entries(process.env)))'

/** What the real `node --env-file` reads from a text, into an environment that has nothing else. */
export async function readWithNode(text: string): Promise<Map<string, string>> {
  const file = nodePath.join(await temporaryDirectory(), 'variables.env')
  await writeFile(file, text)
  const options = { env: {}, maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await promisify(execFile)(process.execPath, [`--env-file=${file}`, '-e', print], options)
  return new Map<string, string>(JSON.parse(stdout))
}
