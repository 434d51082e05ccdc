/** A terminal that this program has to itself: another screen than the shell's, without a cursor, each key at once. */
export interface Screen {
  readonly columns: number
  readonly rows: number
  write(text: string): void
  /** Gives the terminal back as it was. Nothing happens the second time. */
  close(): void
}

export interface ScreenRequest {
  /** What was typed, with keys that are no characters as the terminal sends them. */
  readonly onInput: (text: string) => void
  /** The screen is blank, and may have another size. */
  readonly onBlank: () => void
  /** Nobody is there any more. */
  readonly onHangup: () => void
}

/** Takes the terminal. It is given back whatever ends the program, but for SIGKILL. Undefined where there is none. */
export type OpenScreen = (request: ScreenRequest) => Screen | undefined
