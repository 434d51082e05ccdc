import type { JqMemory } from './jq-memory.ts'
import { type BrokenDownTime, parseTime, toTime } from './parse-time.ts'

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
