import { isJsonSchema, type JsonSchema } from '../../registry/schema/to-json-schema.ts'
import { type Html, html, toProse } from './html.ts'
import { renderType } from './render-type.ts'

/** Anchor of a schema on the page. */
export function toSchemaAnchor(name: string): string {
  return `schema-${name}`
}

/** A schema, closed until somebody wants to see it. */
export function renderSchema(name: string, schema: JsonSchema): Html {
  return html`<details id="${toSchemaAnchor(name)}" class="schema">
<summary><h3>${name}</h3> <span class="about">${renderAbout(schema)}</span></summary>
<p class="type">${renderType(schema)}</p>
${renderParts(schema)}</details>
`
}

function renderAbout({ description }: JsonSchema): Html {
  return typeof description === 'string' ? toProse(description) : html``
}

/** What is in an object, or in those that a list or map is made of. */
function renderParts(schema: JsonSchema): Html {
  const properties = isJsonSchema(schema.properties) ? Object.entries(schema.properties) : []
  const required = Array.isArray(schema.required) ? schema.required : []
  const shown = properties.flatMap(([name, value]) =>
    isJsonSchema(value) ? [renderProperty(name, value, required.includes(name))] : [],
  )
  const own = shown.length > 0 ? html`<ul>${shown}</ul>` : html``
  return html`${own}${listInner(schema).map(renderParts)}`
}

function renderProperty(name: string, schema: JsonSchema, isRequired: boolean): Html {
  const mark = isRequired ? html` <strong>required</strong>` : html``
  return html`<li><code>${name}</code> <span class="type">${renderType(schema)}</span>${mark} <span class="about">${renderAbout(schema)}</span>${renderParts(schema)}</li>
`
}

function listInner({ items, additionalProperties, anyOf }: JsonSchema): JsonSchema[] {
  const options: unknown[] = Array.isArray(anyOf) ? anyOf : []
  return [items, additionalProperties, ...options].filter(isJsonSchema)
}
