/** Colours of the page: those of the system, or a choice. */
export const colourNames = ['system', 'light', 'dark'] as const

export type Colours = (typeof colourNames)[number]

const key = 'nexus-registry-colours'

/** The choice of the reader. Where the browser keeps nothing, it is that of the system. */
export function loadColours(): Colours {
  try {
    return colourNames.find(name => name === localStorage.getItem(key)) ?? 'system'
  } catch {
    return 'system'
  }
}

/** Applies a choice, and keeps it where the browser allows that. */
export function applyColours(colours: Colours): void {
  document.documentElement.dataset.colours = colours
  try {
    localStorage.setItem(key, colours)
  } catch {
    // It holds until the page is loaded again.
  }
}
