import { readdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import type { HomeEdit } from '../../../src/registry/home/update-home.ts'
import type { RegistryName } from '../../../src/registry/schema/names.ts'

/** The two files that the tests of updates change, both at once. */
export const markedFiles = ['tool_registry.json', 'ml_framework_registry.json'] as const

/** Puts two registries into a directory that have no marks yet. `padding` makes them larger, in bytes. */
export async function writeMarkedHome(directory: string, padding = 0): Promise<string> {
  const text = JSON.stringify({ marks: [], padding: 'x'.repeat(padding) })
  await Promise.all(markedFiles.map(file => writeFile(nodePath.join(directory, file), text)))
  return directory
}

/** An edit that adds a mark to both registries, as often as it is applied. */
export function addMark(mark: string): HomeEdit {
  return texts => new Map([...texts].map(([name, text]) => [name, addTo(text ?? '{}', mark)]))
}

function addTo(text: string, mark: string): string {
  const content = JSON.parse(text)
  return JSON.stringify({ ...content, marks: [...(content.marks ?? []), mark] })
}

/** An edit that makes the one mark of both registries a number one higher. */
export function countUp(texts: ReadonlyMap<RegistryName, string | undefined>): Map<RegistryName, string> {
  return new Map([...texts].map(([name, text]) => [name, raise(text ?? '{}')]))
}

function raise(text: string): string {
  const content = JSON.parse(text)
  return JSON.stringify({ ...content, marks: [(content.marks?.[0] ?? 0) + 1] })
}

/** Marks of both registries. Rejects when a file is not whole. */
export async function readMarks(directory: string): Promise<{ tools: string[]; frameworks: string[] }> {
  const [tools, frameworks] = await Promise.all(markedFiles.map(file => marksOf(directory, file)))
  return { tools: tools ?? [], frameworks: frameworks ?? [] }
}

async function marksOf(directory: string, file: string): Promise<string[]> {
  return JSON.parse(await readFile(nodePath.join(directory, file), 'utf8')).marks
}

/** What an update left in the home beside the registries. */
export async function leftoversIn(directory: string): Promise<string[]> {
  const mark = '.nexus-registry.shipped.json'
  return (await readdir(directory)).filter(name => name.startsWith('.') && name !== mark).sort()
}
