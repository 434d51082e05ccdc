import { html, type TemplateResult } from 'lit'
import { isExplained } from '../live/server.ts'
import { toVisibleText } from '../text/text.ts'

export interface Subject {
  /** Ref of the entry of the dashboard; null for what has none. */
  readonly ref: string | null
  /** What `explain` takes: `tools/docker`; null for what it does not know. */
  readonly subject: string | null
  /** Name shown to people. */
  readonly name: string
}

/** The reader wants to know more about something. */
export class ShowSubject extends Event {
  static readonly type = 'show-subject'
  readonly subject: Subject

  constructor(subject: Subject) {
    super(ShowSubject.type, { bubbles: true, composed: true })
    this.subject = subject
  }
}

/** The name of a thing as a button that opens its details. */
export function renderOpen(subject: Subject, content?: TemplateResult): TemplateResult {
  const show = (event: Event) => event.currentTarget?.dispatchEvent(new ShowSubject(subject))
  return html`<button type="button" class="open" aria-haspopup="dialog" @click=${show}>${content ?? html`<bdi>${toVisibleText(subject.name)}</bdi>`}</button>`
}

/** The ref of an entry, as a button where the server explains it. */
export function renderRef(ref: string): TemplateResult {
  // Where there is little room, the line breaks behind the registry and not within a word.
  const end = ref.indexOf('/') + 1
  const name = html`<code><bdi>${toVisibleText(ref.slice(0, end))}<wbr />${toVisibleText(ref.slice(end))}</bdi></code>`
  return isExplained(ref) ? renderOpen({ ref: null, subject: ref, name: ref }, name) : name
}
