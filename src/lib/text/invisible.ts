/**
 * What a terminal obeys, or nobody sees: C0 but for tab and newline, DEL and C1; Arabic letter mark, LRM, RLM,
 * embeddings, overrides and isolates; line and paragraph separators; zero-width characters of no visible use and the
 * byte order mark.
 */
export const invisibleCharacters =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g
