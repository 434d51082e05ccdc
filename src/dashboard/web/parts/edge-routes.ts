/** A place on the page, in pixels. */
interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

interface RouteRequest {
  readonly edges: readonly { readonly from: string; readonly to: string }[]
  /** Where nodes are, by id. */
  readonly nodes: ReadonlyMap<string, Box>
  /** Where the lists of nodes are. */
  readonly lanes: readonly Box[]
  /** Where the drawing begins. */
  readonly origin: Pick<Box, 'left' | 'top'>
}

/** Paths of edges, in their order. One that passes a lane goes below it: behind its nodes it would look like theirs. */
export function routeEdges({ edges, nodes, lanes, origin }: RouteRequest): readonly string[] {
  const passing = new Map<string, number>()
  return edges.map(({ from, to }) => {
    const [start, end] = [nodes.get(from), nodes.get(to)]
    if (start === undefined || end === undefined) return ''
    const ends = toEnds(start, end, origin)
    if (ends === undefined) return routeWithinLane(start, end, origin)
    const [left, right] = ends.x1 < ends.x2 ? [start, end] : [end, start]
    const passed = lanes.filter(lane => lane.left >= left.right && lane.right <= right.left)
    if (passed.length === 0) return routeDirectly(ends)
    // Edges of one node share their way.
    const way = passing.get(from) ?? passing.size
    passing.set(from, way)
    const below = Math.max(...passed.map(({ bottom }) => bottom)) - origin.top
    return routeBelow(ends, { y: below + clearance + way * 4, away: 8 + (way % 5) * 3 })
  })
}

/** Room between a lane and the edges below it, in pixels. */
const clearance = 12

interface Ends {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

/** From the side of a node to the nearer side of the other; undefined within a lane. */
function toEnds(start: Box, end: Box, { left, top }: RouteRequest['origin']): Ends | undefined {
  const [y1, y2] = [toMiddle(start) - top, toMiddle(end) - top]
  if (start.right <= end.left) return { x1: start.right - left, y1, x2: end.left - left, y2 }
  if (end.right <= start.left) return { x1: start.left - left, y1, x2: end.right - left, y2 }
  return undefined
}

function routeDirectly({ x1, y1, x2, y2 }: Ends): string {
  const middle = (x1 + x2) / 2
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`
}

/** How far an edge within a lane leaves it, in pixels. */
const bulge = 28

function routeWithinLane(start: Box, end: Box, { left, top }: RouteRequest['origin']): string {
  const [x1, x2] = [start.right - left, end.right - left]
  const [y1, y2] = [toMiddle(start) - top, toMiddle(end) - top]
  return `M${x1} ${y1}C${x1 + bulge} ${y1} ${x2 + bulge} ${y2} ${x2} ${y2}`
}

/** Radius of corners, in pixels. */
const corner = 6

function routeBelow(
  { x1, y1, x2, y2 }: Ends,
  { y, away }: { readonly y: number; readonly away: number },
): string {
  const ahead = x1 < x2 ? 1 : -1
  const [down, up] = [x1 + ahead * away, x2 - ahead * away]
  const [first, last] = [toCorner(y1, y), toCorner(y, y2)]
  const side = ahead * corner
  return [
    `M${x1} ${y1}H${down - side}Q${down} ${y1} ${down} ${y1 + first}V${y - first}`,
    `Q${down} ${y} ${down + side} ${y}H${up - side}Q${up} ${y} ${up} ${y + last}V${y2 - last}`,
    `Q${up} ${y2} ${up + side} ${y2}H${x2}`,
  ].join('')
}

function toCorner(from: number, to: number): number {
  return Math.sign(to - from) * Math.min(corner, Math.abs(to - from) / 2)
}

function toMiddle({ top, bottom }: Box): number {
  return (top + bottom) / 2
}
