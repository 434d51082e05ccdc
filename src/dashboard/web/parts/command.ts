import { html, LitElement, nothing, type TemplateResult } from 'lit'
import type { ReadinessFix } from '../../../readiness/readiness.ts'
import { toVisibleText } from '../text/text.ts'
import { renderSymbol } from './symbol.ts'

/** How long a button says that it has copied, in milliseconds. */
const copiedMs = 2000

/** A button that copies a text, and says so. */
export class CopyButton extends LitElement {
  static override readonly properties = {
    text: { attribute: false },
    label: { attribute: false },
    outcome: { state: true },
  }
  declare text: string
  /** What stands on the button. */
  declare label: string
  declare outcome: string
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    this.text = ''
    this.label = 'Copy'
    this.outcome = ''
  }

  // The styles are those of the page.
  protected override createRenderRoot(): HTMLElement {
    return this
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
  }

  protected override render(): TemplateResult {
    const { outcome, label, text } = this
    return html`<button type="button" class="copy" aria-label="${label}: ${toVisibleText(text)}" @click=${this.copy}>
        ${renderSymbol(outcome === 'Copied' ? 'check' : 'copy')}<span>${outcome === '' ? label : outcome}</span></button
      ><span class="heard" role="status">${outcome}</span>`
  }

  /** Copies the text, as a click does. */
  readonly copy = async (): Promise<void> => {
    this.outcome = (await copyText(this.text)) ? 'Copied' : 'Not allowed'
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.outcome = ''
    }, copiedMs)
  }
}

/** Copies a text to the clipboard. Answers whether the browser allowed it. */
async function copyText(text: string): Promise<boolean> {
  try {
    // Only pages from this machine or over TLS have a clipboard.
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'heard'
  document.body.append(area)
  const focused = document.activeElement
  area.select()
  const isCopied = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return isCopied
}

/** A command to copy. */
export function renderCommand(command: string): TemplateResult {
  return html`<div class="command"><code><bdi>${toVisibleText(command)}</bdi></code><copy-button .text=${command}></copy-button></div>`
}

/** A fix: its command, or its sentence where no command does it. */
export function renderFix(fix: ReadinessFix | null): TemplateResult | typeof nothing {
  if (fix === null) return nothing
  if (fix.command === null) return html`<p class="soft"><bdi>${toVisibleText(fix.text)}</bdi></p>`
  return renderCommand(fix.command)
}
