import { html, nothing, type TemplateResult } from 'lit'
import { subRegistryNames } from '../../../registry/schema/names.ts'
import { toVisibleText } from '../text/text.ts'

export interface Subject {
  /** Ref of the entry of the dashboard; null for what has none. */
  readonly ref: string | null
  /** What `explain` takes: `tools/docker`; null for what it does not know. */
  readonly subject: string | null
  /** Name shown to people. */
  readonly name: string
}

/** Somebody wants to know more about something. */
export class ShowSubject extends Event {
  static readonly type = 'show-subject'
  readonly subject: Subject

  constructor(subject: Subject) {
    super(ShowSubject.type, { bubbles: true, composed: true })
    this.subject = subject
  }
}

/** A sentence that says why; nothing where there is none. */
export function renderReason(reason: string | null): TemplateResult | typeof nothing {
  return reason === null ? nothing : html`<p class="reason"><bdi>${toVisibleText(reason)}</bdi></p>`
}

/** Whether the server explains what a ref names: entries of the registries, and nothing else. */
export function isExplained(ref: string): boolean {
  return subRegistryNames.some(name => ref.startsWith(`${name}/`))
}
