import { type Html, html, join, toProse } from './html.ts'
import type { Content, Operation, Parameter, Response } from './open-api.ts'
import { renderType } from './render-type.ts'

export interface PlacedOperation {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

/** One thing that the server answers: what it is for, who may, what it takes and answers, and an example. */
export function renderOperation({ method, path, operation }: PlacedOperation): Html {
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
export function renderPath(path: string): Html {
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
  return html`<h4>Answers</h4>
${renderAnswers(all.filter(([status]) => !isRefusal(status)))}<details>
<summary>When the answer is no: ${named.join(', ')} and others</summary>
${renderAnswers(refused)}</details>
`
}

function isRefusal(status: string): boolean {
  return status === 'default' || Number(status) >= 400
}

function renderAnswers(answers: readonly (readonly [status: string, Response])[]): Html {
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

function renderContent(content: Content): Html {
  const shown = Object.entries(content).map(
    ([type, { schema }]) => html`${renderType(schema)} <small>${type}</small>`,
  )
  return shown.length === 0 ? html`no body` : join(shown, ', or ')
}
