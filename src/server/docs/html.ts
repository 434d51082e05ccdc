import { isJsonSchema, type JsonSchema } from '../../registry/schema/registries.ts'

/** Describes the type of a schema in a few words; schemas with a name are links. */
export function renderType(schema: JsonSchema): Html {
  const { $ref, anyOf, oneOf, type, const: only } = schema
  if (typeof $ref === 'string') return renderLink($ref)
  if (Array.isArray(schema.enum)) return join(schema.enum.map(renderValue), ', ')
  if (only !== undefined) return renderValue(only)
  const options: unknown = anyOf ?? oneOf
  if (Array.isArray(options)) return join(options.filter(isJsonSchema).map(renderType), ' or ')
  if (type === 'array') return html`list of ${renderInner(schema.items)}`
  if (type === 'object') return renderObject(schema)
  return typeof type === 'string' ? html`${describeScalar(type, schema)}` : html`anything`
}

function renderLink(reference: string): Html {
  const name = reference.split('/').at(-1) ?? ''
  // The schema of a text has no details.
  if (name === 'Text') return html`text`
  return html`<a href="#schema-${name}">${name}</a>`
}

function renderValue(value: unknown): Html {
  return html`<code>${typeof value === 'string' ? value : JSON.stringify(value)}</code>`
}

function renderInner(schema: unknown): Html {
  return isJsonSchema(schema) ? renderType(schema) : html`anything`
}

function renderObject({ properties, additionalProperties }: JsonSchema): Html {
  const isMap = isJsonSchema(additionalProperties) && Object.keys(additionalProperties).length > 0
  if (isMap) return html`map of ${renderType(additionalProperties)}`
  return isJsonSchema(properties) ? html`object` : html`map of anything`
}

// The description of a text explains its format.
function describeScalar(type: string, { format, minimum, maximum, maxLength }: JsonSchema): string {
  if (format === 'date') return 'day'
  if (format === 'date-time') return 'timestamp'
  const bounds = [
    minimum === undefined ? '' : `from ${String(minimum)}`,
    maximum === undefined ? '' : `to ${String(maximum)}`,
    maxLength === undefined ? '' : `of at most ${String(maxLength)} characters`,
  ]
  return [type, ...bounds].filter(part => part !== '').join(' ')
}

/** A piece of HTML that is safe to send: text in it has been escaped. */
export interface Html {
  readonly html: string
}

type Piece = string | number | Html | readonly Html[]

/** Makes HTML of a template. What is put in is text, and escaped, unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const parts = strings.map((text, index) => text + toMarkup(pieces[index] ?? ''))
  return { html: parts.join('') }
}

/** HTML with something between its pieces. */
export function join(pieces: readonly Html[], between: string): Html {
  return { html: pieces.map(piece => piece.html).join(escapeHtml(between)) }
}

/** A text in which what stands between backticks is code. */
export function toProse(text: string): Html {
  const parts = text.split('`')
  // A backtick without its pair is a character like any other.
  if (parts.length % 2 === 0) return html`${text}`
  return {
    html: parts.map((part, index) => (index % 2 ? html`<code>${part}</code>` : html`${part}`).html).join(''),
  }
}

function toMarkup(piece: Piece): string {
  if (typeof piece === 'string' || typeof piece === 'number') return escapeHtml(String(piece))
  return 'html' in piece ? piece.html : piece.map(each => each.html).join('')
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => escapes[character] ?? '')
}
