import { writeFileSync } from 'node:fs'
import { toJsonSchemas } from './json-schemas.ts'

for (const [file, schema] of Object.entries(toJsonSchemas())) {
  writeFileSync(new URL(`../schemas/${file}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`)
}
