import { mkdirSync, writeFileSync } from 'node:fs'
import { toReferencePages } from './reference/pages.ts'

const directory = new URL('../docs/reference/', import.meta.url)
mkdirSync(directory, { recursive: true })
for (const [file, text] of Object.entries(toReferencePages())) writeFileSync(new URL(file, directory), text)
