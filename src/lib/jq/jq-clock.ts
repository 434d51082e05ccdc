import type { JqMemory } from './jq-files.ts'

/** Where C's `struct tm` has its parts, in the order of its declaration. */
const parts = ['second', 'minute', 'hour', 'day', 'month', 'year', 'weekday', 'yearday', 'isSummer'] as const
const offsetPlace = 36

const secondsADay = 86_400

/** The calls about time. The clock and the time zone are this process's own, as for any jq. */
export function createJqClock(memory: () => JqMemory) {
  return {
    emscripten_date_now: () => Date.now(),
    _gmtime_js: (seconds: bigint, place: number) => writeTime(place, toUtc(Number(seconds)), memory()),
    _localtime_js: (seconds: bigint, place: number) => writeTime(place, toLocal(Number(seconds)), memory()),
    _timegm_js: (place: number) => {
      const { seconds, ...time } = normalise(readTime(place, memory()))
      writeTime(place, time, memory())
      return BigInt(seconds)
    },
    _tzset_js: (zone: number, hasSummer: number, standardName: number, summerName: number) => {
      const { winter, summer } = findOffsets(new Date())
      memory().setInt(zone, -winter)
      memory().setInt(hasSummer, Number(winter !== summer))
      writeName(standardName, winter, memory())
      writeName(summerName, summer, memory())
    },
    strptime: (text: number, format: number, place: number) => {
      const [source, target] = [memory().text(text), memory().text(format)]
      const parsed = parseTime(source, target, readTime(place, memory()))
      if (parsed === undefined) return 0
      writeTime(place, parsed.time, memory())
      return text + new TextEncoder().encode(source.slice(0, parsed.length)).length
    },
  }
}

function readTime(place: number, memory: JqMemory): BrokenDownTime {
  const at = (index: number) => memory.getInt(place + index * 4)
  return {
    second: at(0),
    minute: at(1),
    hour: at(2),
    day: at(3),
    month: at(4),
    year: at(5),
    weekday: at(6),
    yearday: at(7),
    isSummer: at(8),
    offset: memory.getInt(place + offsetPlace),
  }
}

function writeTime(place: number, time: BrokenDownTime, memory: JqMemory): void {
  for (const [index, part] of parts.entries()) memory.setInt(place + index * 4, time[part])
  memory.setInt(place + offsetPlace, time.offset)
}

function toUtc(seconds: number): BrokenDownTime {
  const date = new Date(seconds * 1000)
  return {
    ...toTime(seconds),
    weekday: date.getUTCDay(),
    yearday: Math.floor((seconds - Date.UTC(date.getUTCFullYear(), 0, 1) / 1000) / secondsADay),
    isSummer: 0,
    offset: 0,
  }
}

function toLocal(seconds: number): BrokenDownTime {
  const date = new Date(seconds * 1000)
  const offset = -date.getTimezoneOffset() * 60
  const { winter, summer } = findOffsets(date)
  return { ...toUtc(seconds + offset), isSummer: Number(winter !== summer && offset === summer), offset }
}

function normalise(time: BrokenDownTime): BrokenDownTime & { seconds: number } {
  const { year, month, day, hour, minute, second } = time
  // Years before 100 mean 19xx to Date.UTC.
  const date = new Date(0)
  date.setUTCFullYear(year + 1900, month, day)
  date.setUTCHours(hour, minute, second)
  const seconds = date.getTime() / 1000
  return Number.isFinite(seconds) ? { ...toUtc(seconds), seconds } : { ...time, seconds: -1 }
}

/** Seconds east of UTC in winter and in summer, in the year of a date. */
function findOffsets(date: Date): { winter: number; summer: number } {
  const offsets = [0, 6].map(month => -new Date(date.getFullYear(), month, 1).getTimezoneOffset() * 60)
  return { winter: Math.min(...offsets), summer: Math.max(...offsets) }
}

function writeName(place: number, offset: number, memory: JqMemory): void {
  const name = offset === 0 ? 'UTC' : `UTC${toSigned(offset)}`
  const bytes = new TextEncoder().encode(`${name}\0`)
  memory.bytes(place, bytes.length).set(bytes)
}

function toSigned(offset: number): string {
  const minutes = Math.abs(offset) / 60
  const digits = [Math.floor(minutes / 60), minutes % 60].map(part => String(part).padStart(2, '0'))
  return `${offset < 0 ? '-' : '+'}${digits.join('')}`
}

/** C's `struct tm`: months and days of the year from 0, years from 1900, weekdays from Sunday. */
interface BrokenDownTime {
  readonly second: number
  readonly minute: number
  readonly hour: number
  readonly day: number
  readonly month: number
  readonly year: number
  readonly weekday: number
  readonly yearday: number
  readonly isSummer: number
  /** Seconds east of UTC. */
  readonly offset: number
}

interface Reading {
  readonly time: BrokenDownTime & { readonly isAfternoon?: boolean }
  /** Where the rest of the text begins. */
  readonly at: number
}

type Read = (text: string, from: Reading) => Reading | undefined

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]

/** Formats that stand for others, as in the C locale. */
const compounds: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  R: '%H:%M',
  r: '%I:%M:%S %p',
  T: '%H:%M:%S',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
}

const readers: Readonly<Record<string, Read>> = {
  a: name(days, weekday => ({ weekday })),
  b: name(months, month => ({ month })),
  d: number(2, 1, 31, day => ({ day })),
  H: number(2, 0, 23, hour => ({ hour })),
  I: number(2, 1, 12, hour => ({ hour: hour % 12 })),
  j: number(3, 1, 366, day => ({ yearday: day - 1 })),
  m: number(2, 1, 12, month => ({ month: month - 1 })),
  M: number(2, 0, 59, minute => ({ minute })),
  p: name(['am', 'pm'], half => ({ isAfternoon: half === 1 })),
  s: number(15, 0, Number.MAX_SAFE_INTEGER, toTime),
  S: number(2, 0, 61, second => ({ second })),
  u: number(1, 1, 7, day => ({ weekday: day % 7 })),
  U: number(2, 0, 53, () => ({})),
  w: number(1, 0, 6, weekday => ({ weekday })),
  W: number(2, 0, 53, () => ({})),
  y: number(2, 0, 99, year => ({ year: year < 69 ? year + 100 : year })),
  Y: number(4, 0, 9999, year => ({ year: year - 1900 })),
  z: readZone,
  Z: (text, { time, at }) => ({ time, at: at + (/^[A-Za-z]*/.exec(text.slice(at))?.[0].length ?? 0) }),
  '%': (text, { time, at }) => (text[at] === '%' ? { time, at: at + 1 } : undefined),
}

const synonyms: Readonly<Record<string, string>> = { A: 'a', B: 'b', h: 'b', e: 'd', k: 'H', l: 'I' }

/**
 * C's `strptime` in the C locale: reads a text by a format, onto what a time was before. Says how much of the text it
 * took; undefined when the text is not of the format.
 */
function parseTime(
  text: string,
  format: string,
  before: BrokenDownTime,
): { time: BrokenDownTime; length: number } | undefined {
  let reading: Reading | undefined = { time: before, at: 0 }
  for (const [part] of expand(format).matchAll(/%[EO]?[\s\S]|\s+|[\s\S]/g)) {
    reading = readPart(part, text, reading)
    if (reading === undefined) return undefined
  }
  const { isAfternoon, ...time } = reading.time
  return { time: { ...time, hour: time.hour + (isAfternoon ? 12 : 0) }, length: reading.at }
}

function expand(format: string): string {
  return format.replace(/%([cDFRrTxX])/g, (_, letter: string) => compounds[letter] ?? '')
}

function readPart(part: string, text: string, from: Reading): Reading | undefined {
  if (/^(?:\s+|%[nt])$/.test(part)) return { ...from, at: skipSpace(text, from.at) }
  if (!part.startsWith('%')) return text[from.at] === part ? { ...from, at: from.at + 1 } : undefined
  const letter = part.at(-1) ?? ''
  return readers[synonyms[letter] ?? letter]?.(text, from)
}

function skipSpace(text: string, at: number): number {
  return at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0)
}

function number(
  digits: number,
  least: number,
  most: number,
  use: (value: number) => Partial<Reading['time']>,
): Read {
  const shape = new RegExp(`^\\d{1,${digits}}`)
  return (text, { time, at }) => {
    const start = skipSpace(text, at)
    const found = shape.exec(text.slice(start, start + digits))?.[0]
    const value = Number(found)
    if (found === undefined || value < least || value > most) return undefined
    return { time: { ...time, ...use(value) }, at: start + found.length }
  }
}

function name(names: readonly string[], use: (index: number) => Partial<Reading['time']>): Read {
  return (text, { time, at }) => {
    const rest = text.slice(at, at + 10).toLowerCase()
    const index = names.findIndex(candidate => rest.startsWith(candidate.slice(0, 3)))
    const whole = names[index]
    if (whole === undefined) return undefined
    return { time: { ...time, ...use(index) }, at: at + (rest.startsWith(whole) ? whole.length : 3) }
  }
}

function readZone(text: string, { time, at }: Reading): Reading | undefined {
  const start = skipSpace(text, at)
  const found = /^(?:Z|([+-])(\d\d):?(\d\d)?)/.exec(text.slice(start, start + 6))
  if (!found) return undefined
  const [whole, sign, hours = '0', minutes = '0'] = found
  const offset = (Number(hours) * 60 + Number(minutes)) * 60 * (sign === '-' ? -1 : 1)
  return { time: { ...time, offset }, at: start + whole.length }
}

/** Date and time of a timestamp in UTC, seconds since 1970. */
function toTime(
  seconds: number,
): Pick<BrokenDownTime, 'second' | 'minute' | 'hour' | 'day' | 'month' | 'year'> {
  const date = new Date(seconds * 1000)
  return {
    second: date.getUTCSeconds(),
    minute: date.getUTCMinutes(),
    hour: date.getUTCHours(),
    day: date.getUTCDate(),
    month: date.getUTCMonth(),
    year: date.getUTCFullYear() - 1900,
  }
}
