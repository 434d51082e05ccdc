import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { program } from '../src/lib/program.ts'
import { historyFile } from '../src/registry/home/shipped-mark.ts'
import { mapNames, registryFiles, registryNames } from '../src/registry/schema/names.ts'
import { parseHistory, renderHistory, withShipped } from '../src/upgrade/history.ts'

// Adds the shipped files of the current version to the history that upgrades start from.
const place = (file: string) => new URL(`../registries/${file}`, import.meta.url)
const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex')
const texts = mapNames(registryNames, name => readFileSync(place(registryFiles[name]), 'utf8'))
const history = parseHistory(readFileSync(place(historyFile), 'utf8'))
if (history === undefined) throw new Error(`registries/${historyFile} is damaged`)
const next = withShipped(history, { version: program.version, texts }, { sha256 })
writeFileSync(place(historyFile), renderHistory(next))
console.log(`registries/${historyFile} has ${next.versions.map(({ version }) => version).join(', ')}`)
