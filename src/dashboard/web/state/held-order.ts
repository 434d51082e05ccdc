/** Keeps items in their places while the reader is among them: nothing moves below a pointer or a focus. */
export interface HeldOrder {
  /** The items of a list. While it is held, those that were shown stay in their order, and new ones follow. */
  readonly sort: <Item>(
    list: string,
    items: readonly Item[],
    toKey: (item: Item) => string,
  ) => readonly Item[]
}

/** `isHeld` says whether the reader is in a list now. */
export function createHeldOrder(isHeld: (list: string) => boolean): HeldOrder {
  const shown = new Map<string, readonly string[]>()
  return {
    sort: (list, items, toKey) => {
      const known = shown.get(list)
      const sorted = known === undefined || !isHeld(list) ? items : hold(items, known, toKey)
      shown.set(list, sorted.map(toKey))
      return sorted
    },
  }
}

function hold<Item>(
  items: readonly Item[],
  known: readonly string[],
  toKey: (item: Item) => string,
): readonly Item[] {
  const places = new Map(known.map((key, index) => [key, index]))
  const placeOf = (item: Item) => places.get(toKey(item)) ?? known.length
  // The sort is stable: new ones stay in their own order.
  return items.toSorted((left, right) => placeOf(left) - placeOf(right))
}
