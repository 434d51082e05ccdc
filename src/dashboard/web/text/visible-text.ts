// Controls, and what is drawn as nothing or turns the text around it. Joiners stay: emoji and scripts need them.
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

/** Text from the data as people can see it: what is invisible, or changes the order of what is around it, has a name. */
export function toVisibleText(text: string): string {
  return text.replace(unseen, character => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return `‹U+${code}›`
  })
}
