import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Benchmark } from '../benchmark.ts'
import { bundleScript } from '../bundle-script.ts'
import { createRepeatedWork } from '../repeated-work.ts'

const tools = { asked: 500, present: 250 }
const directories = { count: 200, files: 50 }

/** A PATH longer than anybody's. Half of the tools are on it. */
export const pathSearch: Benchmark = {
  name: 'path-search',
  what: `Look for ${tools.asked} tools on a PATH of ${directories.count} directories in-process`,
  runs: 10,
  warmUps: 1,
  prepare: async sandbox => {
    const script = await bundleScript('search-path', sandbox.directory)
    const searchPath = await createSearchPath(path.join(sandbox.directory, 'path'))
    const argv = [process.execPath, script, String(tools.asked), String(tools.present)] as const
    const env = { ...sandbox.env, PATH: searchPath }
    return {
      contenders: [
        createRepeatedWork('`which` of each', { argv, atMostMs: 50 }, { directory: sandbox.directory, env }),
      ],
    }
  },
}

async function createSearchPath(root: string): Promise<string> {
  const places = Array.from({ length: directories.count }, (_, index) => path.join(root, String(index)))
  await Promise.all(places.map(place => mkdir(place, { recursive: true })))
  for (const [index, place] of places.entries()) {
    const names = Array.from({ length: directories.files }, (_, file) => `other-${index}-${file}`)
    await Promise.all(names.map(name => writeProgram(path.join(place, name))))
  }
  await Promise.all(
    Array.from({ length: tools.present }, (_, index) =>
      // Every second one that is asked for, spread over all directories.
      writeProgram(path.join(root, String((index * 7) % directories.count), `tool-${index * 2}`)),
    ),
  )
  return places.join(path.delimiter)
}

async function writeProgram(file: string): Promise<void> {
  await writeFile(file, '#!/bin/sh\n', { mode: 0o755 })
}
