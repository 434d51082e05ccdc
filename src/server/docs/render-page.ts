import { isJsonSchema, type JsonSchema } from '../../registry/schema/registries.ts'
import { type Html, html, join, renderType, toProse } from './html.ts'
import type { MediaContent, OpenApi, Operation, Parameter, Response } from './open-api.ts'

/** An OpenAPI document as a page: no script, no image, one stylesheet. */
export function renderPage(document: OpenApi): string {
  const { info, tags, components } = document
  const sections = tags.map(tag => ({ ...tag, operations: listOperations(document, tag.name) }))
  const schemas = Object.entries(components.schemas)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${info.title}</title>
<link rel="stylesheet" href="/docs.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<h1>${info.title}</h1>
<p class="version">Version ${info.version} &middot; <a href="/openapi.json">openapi.json</a> &middot; <a href="/health">health</a></p>
</header>
<nav aria-label="Contents">
${sections.map(renderContents)}<h2><a href="#schemas">Schemas</a></h2>
</nav>
<main id="content">
<section class="intro">
${info.description.split('\n\n').map(text => html`<p>${toProse(text)}</p>\n`)}</section>
${sections.map(renderSection)}<section id="schemas">
<h2>Schemas</h2>
<p>Bodies of requests and responses. Names that begin with <code>x-</code> are free and kept unchanged.</p>
${schemas.filter(([name]) => name !== 'Text').map(([name, schema]) => renderSchema(name, schema))}</section>
</main>
</body>
</html>
`
  return page.html
}

interface Section {
  readonly name: string
  readonly description: string
  readonly operations: readonly PlacedOperation[]
}

function listOperations({ paths }: OpenApi, tag: string): PlacedOperation[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => ({ method, path, operation })),
  )
}

function renderContents({ name, operations }: Section): Html {
  const lines = operations.map(
    ({
      method,
      path,
      operation,
    }) => html`<li><a href="#${operation.operationId}"><b class="method ${method}">${method.toUpperCase()}</b> <code>${renderPath(path)}</code></a></li>
`,
  )
  return html`<h2><a href="#${toSectionAnchor(name)}">${toTitle(name)}</a></h2>
<ul>
${lines}</ul>
`
}

function renderSection({ name, description, operations }: Section): Html {
  return html`<section id="${toSectionAnchor(name)}">
<h2>${toTitle(name)}</h2>
<p>${toProse(description)}.</p>
${operations.map(renderOperation)}</section>
`
}

function toSectionAnchor(name: string): string {
  return `about-${name}`
}

function toTitle(name: string): string {
  return name === 'api' ? 'API' : `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}

interface PlacedOperation {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

/** One operation: summary, access, parameters, body, responses and an example. */
function renderOperation({ method, path, operation }: PlacedOperation): Html {
  const { operationId, summary, description, parameters, requestBody, responses } = operation
  return html`<article id="${operationId}">
<h3><a href="#${operationId}"><b class="method ${method}">${method.toUpperCase()}</b> <code>${renderPath(path)}</code></a></h3>
<p class="summary">${toProse(summary)}.</p>
<p class="access"><b>Who may:</b> ${toProse(description)}</p>
${renderExample(operation)}${parameters.length > 0 ? renderParameters(parameters) : html``}${
  requestBody ? html`<h4>Body</h4>\n<p>${renderContent(requestBody.content)}</p>\n` : html``
}${renderResponses(responses)}</article>
`
}

/** A path that may be broken before each of its parts. */
function renderPath(path: string): Html {
  const parts = path.split(/(?=[/?])/).map(part => html`${part}`)
  return { html: parts.map(part => part.html).join('<wbr>') }
}

function renderExample({ 'x-codeSamples': samples }: Operation): Html {
  return html`${samples.map(({ source }) => html`<pre tabindex="0"><code>${source}</code></pre>\n`)}`
}

function renderParameters(parameters: readonly Parameter[]): Html {
  const rows = parameters.map(
    ({ name, in: place, required, description, schema, example }) => html`<tr>
<th scope="row"><code>${name}</code></th>
<td>${place}${required ? '' : ', optional'}</td>
<td>${toProse(description)}: ${renderType(schema)}, like <code>${example}</code></td>
</tr>
`,
  )
  return html`<h4>Parameters</h4>
<table>
<thead><tr><th scope="col">Name</th><th scope="col">In</th><th scope="col">What it is</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
`
}

function renderResponses(responses: Readonly<Record<string, Response>>): Html {
  const all = Object.entries(responses)
  const refused = all.filter(([status]) => isRefusal(status))
  const named = refused.map(([status]) => status).filter(status => status !== 'default')
  return html`<h4>Responses</h4>
${renderResponseList(all.filter(([status]) => !isRefusal(status)))}<details>
<summary>Errors: ${named.join(', ')} and others</summary>
${renderResponseList(refused)}</details>
`
}

function isRefusal(status: string): boolean {
  return status === 'default' || Number(status) >= 400
}

function renderResponseList(answers: readonly (readonly [status: string, Response])[]): Html {
  const rows = answers.map(
    ([status, { description, content = {} }]) => html`<tr>
<th scope="row">${status === 'default' ? 'else' : status}</th>
<td>${toProse(description)}</td>
<td>${renderContent(content)}</td>
</tr>
`,
  )
  return html`<table class="answers">
<thead><tr><th scope="col">Status</th><th scope="col">When</th><th scope="col">Body</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
`
}

function renderContent(content: MediaContent): Html {
  const shown = Object.entries(content).map(
    ([type, { schema }]) => html`${renderType(schema)} <small>${type}</small>`,
  )
  return shown.length === 0 ? html`no body` : join(shown, ', or ')
}

/** Anchor of a schema on the page. */
function toSchemaAnchor(name: string): string {
  return `schema-${name}`
}

/** A schema, collapsed until the reader opens it. */
function renderSchema(name: string, schema: JsonSchema): Html {
  return html`<details id="${toSchemaAnchor(name)}" class="schema">
<summary><h3>${name}</h3> <span class="about">${renderAbout(schema)}</span></summary>
<p class="type">${renderType(schema)}</p>
${renderParts(schema)}</details>
`
}

function renderAbout({ description }: JsonSchema): Html {
  return typeof description === 'string' ? toProse(description) : html``
}

/** The properties of an object, or of the items of a list or map. */
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
