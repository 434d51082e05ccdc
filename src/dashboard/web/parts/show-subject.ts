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
