import type { PromptRequest } from '../host.ts'

/** See `Host.prompt`. It goes to stderr, so that stdout holds data alone. */
export async function prompt(request: PromptRequest): Promise<string | undefined> {
  const { autocomplete, isCancel, text } = await import('@clack/prompts')
  const { message, proposal, choices, validate } = request
  const ended = new AbortController()
  const end = () => ended.abort()
  // A terminal that is gone answers nothing.
  process.stdin.once('end', end)
  const common = { message, output: process.stderr, signal: ended.signal }
  try {
    const answered =
      choices === undefined || choices.length === 0
        ? await text({
            ...common,
            ...(proposal === undefined ? {} : { placeholder: proposal, defaultValue: proposal }),
            validate: typed => validate(typed || (proposal ?? '')),
          })
        : await autocomplete({
            ...common,
            options: choices.map(value => ({ value, label: value })),
            maxItems: 8,
            ...(proposal !== undefined && choices.includes(proposal) ? { initialValue: proposal } : {}),
          })
    return isCancel(answered) ? undefined : (answered ?? '')
  } finally {
    process.stdin.off('end', end)
  }
}
