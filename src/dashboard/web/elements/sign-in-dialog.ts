import { css, html, LitElement, type TemplateResult } from 'lit'
import { baseStyles, dialogStyles } from '../styles/part-styles.ts'

/** Somebody gives a token. */
export class TokenGiven extends Event {
  static readonly type = 'token-given'
  readonly token: string

  constructor(token: string) {
    super(TokenGiven.type)
    this.token = token
  }
}

/** Asks for a token. It goes nowhere but into the `Authorization` of requests to this server. */
export class SignInDialog extends LitElement {
  static override readonly styles = [
    baseStyles,
    dialogStyles,
    css`
      dialog { width: min(26rem, calc(100vw - 2rem)); padding: 1.1rem 1.25rem; border-radius: 10px; }
      form { display: grid; gap: 0.75rem; }
      label { display: grid; gap: 0.3rem; }
      input { padding: 0.4rem 0.55rem; border: 1px solid var(--soft); border-radius: 6px; background: var(--page); }
      .row { display: flex; justify-content: flex-end; gap: 0.5rem; }
      h2 { font-size: 1.1em; }
    `,
  ]

  show(): void {
    this.renderRoot.querySelector('dialog')?.showModal()
    this.renderRoot.querySelector('input')?.focus()
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="title">
      <form method="dialog" @submit=${this.#submit}>
        <h2 id="title">Sign in</h2>
        <p class="soft">
          What you may see depends on your role. <code>nexus-registry token create</code> makes tokens.
        </p>
        <label
          >Token
          <input type="password" name="token" autocomplete="off" spellcheck="false" maxlength="512" />
        </label>
        <div class="row">
          <button class="plain" type="button" @click=${this.#close}>Cancel</button>
          <button class="plain main" type="submit">Sign in</button>
        </div>
        <p class="soft">It is kept until this tab is closed.</p>
      </form>
    </dialog>`
  }

  readonly #close = (): void => {
    this.renderRoot.querySelector('dialog')?.close()
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault()
    const input = this.renderRoot.querySelector('input')
    const token = input?.value.trim() ?? ''
    if (input) input.value = ''
    this.#close()
    if (token !== '') this.dispatchEvent(new TokenGiven(token))
  }
}
