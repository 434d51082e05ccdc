import { html, LitElement, type TemplateResult } from 'lit'
import { renderCommand } from '../parts/command.ts'

/** The reader gives a token. */
export class TokenGiven extends Event {
  static readonly type = 'token-given'
  readonly token: string

  constructor(token: string) {
    super(TokenGiven.type)
    this.token = token
  }
}

/** Takes a token. It goes nowhere but into the `Authorization` of requests to this server. */
export class SignInDialog extends LitElement {
  // The styles are those of the page.
  protected override createRenderRoot(): HTMLElement {
    return this
  }

  show(): void {
    this.querySelector('dialog')?.showModal()
    this.querySelector('input')?.focus()
  }

  protected override render(): TemplateResult {
    return html`<dialog class="window" aria-labelledby="h-sign-in">
      <form method="dialog" @submit=${this.#submit}>
        <h2 id="h-sign-in">Sign in</h2>
        <p>On the machine of the server, as its owner:</p>
        ${renderCommand('nexus-registry dashboard --web')}
        <p>prints a link that signs you in. Everybody else needs a token (<code>nexus-registry token create</code>):</p>
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
    this.querySelector('dialog')?.close()
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault()
    const input = this.querySelector('input')
    const token = input?.value.trim() ?? ''
    if (input) input.value = ''
    this.#close()
    if (token !== '') this.dispatchEvent(new TokenGiven(token))
  }
}
