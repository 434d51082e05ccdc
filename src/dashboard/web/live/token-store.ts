const key = 'nexus-registry-token'

/** The reader's token, until the tab is closed. */
export interface TokenStore {
  readonly find: () => string | undefined
  readonly keep: (token: string) => void
  readonly forget: () => void
}

/** Keeps the token in the session of the tab. Where the browser keeps nothing, it holds until the page is loaded anew. */
export function createTokenStore(storage: Storage | undefined): TokenStore {
  let token = read(storage)
  return {
    find: () => token,
    keep: given => {
      token = given
      attempt(() => storage?.setItem(key, given))
    },
    forget: () => {
      token = undefined
      attempt(() => storage?.removeItem(key))
    },
  }
}

function read(storage: Storage | undefined): string | undefined {
  return attempt(() => storage?.getItem(key)) ?? undefined
}

// A browser may forbid it, or have no room: then memory has to do.
function attempt<Value>(act: () => Value): Value | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
