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
