import { type Html, html, toProse } from './html.ts'
import type { OpenApi } from './open-api.ts'
import { type PlacedOperation, renderOperation, renderPath } from './render-operation.ts'
import { renderSchema } from './render-schema.ts'

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
<p>What is sent and answered. Names that begin with <code>x-</code> are free, and kept as they are.</p>
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
