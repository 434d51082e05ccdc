/** What to watch, and whom to tell. */
export interface DirectoryWatch {
  /** Absolute, no link. */
  readonly directory: string
  /** Names of the files in it that matter. */
  readonly names: readonly string[]
  /** Called for every change of one of them, or of the directory itself: often several times for one change. */
  readonly onChange: () => void
  /** Called when some changes may go unseen from now on, with the reason. */
  readonly onTrouble: (reason: string) => void
}

export interface DirectoryWatcher {
  close(): Promise<void>
}
