/** Work of several clients, of which none can keep the others waiting: one item of each runs at a time, in turn. */
export interface FairQueue<Item> {
  /** Adds an item behind the others of its client; otherwise says whose share is used up. */
  readonly add: (client: string, item: Item) => 'added' | 'client-full' | 'full'
  /** Takes the item that runs next; undefined when nothing waits, or each client that waits has one running. */
  readonly take: () => { readonly client: string; readonly item: Item } | undefined
  /** Removes an item that still waits; false when it does not. */
  readonly remove: (client: string, item: Item) => boolean
  /** Says that the running item of a client has ended. */
  readonly release: (client: string) => void
}

export interface FairQueueLimits {
  /** Most items that wait. */
  readonly waiting: number
  /** Most of these that belong to one client. */
  readonly waitingPerClient: number
}

export function createFairQueue<Item>({ waiting, waitingPerClient }: FairQueueLimits): FairQueue<Item> {
  // In the order of their turns: whose item is taken goes to the end.
  const lines = new Map<string, Item[]>()
  const running = new Set<string>()
  let count = 0
  return {
    add: (client, item) => {
      const line = lines.get(client) ?? []
      if (line.length >= waitingPerClient) return 'client-full'
      if (count >= waiting) return 'full'
      line.push(item)
      lines.set(client, line)
      count += 1
      return 'added'
    },
    take: () => {
      for (const [client, line] of lines) {
        if (running.has(client)) continue
        const [item, ...rest] = line
        lines.delete(client)
        if (item === undefined) continue
        if (rest.length > 0) lines.set(client, rest)
        running.add(client)
        count -= 1
        return { client, item }
      }
      return undefined
    },
    remove: (client, item) => {
      const line = lines.get(client) ?? []
      const rest = line.filter(each => each !== item)
      if (rest.length === line.length) return false
      if (rest.length > 0) lines.set(client, rest)
      else lines.delete(client)
      count -= 1
      return true
    },
    release: client => {
      running.delete(client)
    },
  }
}
