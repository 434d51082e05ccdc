import { html, LitElement, type TemplateResult } from 'lit'

const keys: readonly (readonly [key: string, does: string])[] = [
  ['/', 'search'],
  ['o', 'overview'],
  ['m', 'models'],
  ['g', 'graph'],
  ['h', 'changes'],
  ['c', 'copy the first fix, or the one of the chosen problem'],
  ['Esc', 'close what is open'],
  ['?', 'show these keys'],
]

/** The keys of the page. */
export class KeysDialog extends LitElement {
  // The styles are those of the page.
  protected override createRenderRoot(): HTMLElement {
    return this
  }

  show(): void {
    this.querySelector('dialog')?.showModal()
  }

  protected override render(): TemplateResult {
    return html`<dialog class="window" aria-labelledby="h-keys">
      <form method="dialog">
        <h2 id="h-keys">Keys</h2>
        <dl class="facts">
          ${keys.map(([key, does]) => html`<dt><kbd>${key}</kbd></dt><dd>${does}</dd>`)}
        </dl>
        <div class="row"><button class="plain main" type="submit">Close</button></div>
      </form>
    </dialog>`
  }
}
