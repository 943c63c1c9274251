const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']

/** `1.2 GB`; decimal units, as file managers show them. */
export function bytes(count: number): string {
  let value = count
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : Number(value.toFixed(1))} ${UNITS[unit]}`
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
/** `1,204`. */
export const number = (value: number): string => whole.format(value)
/** `1 file`, `2 files`. */
export const count = (value: number, one: string, many = `${one}s`): string => `${number(value)} ${value === 1 ? one : many}`

/** `120 ms`, `3.1 s`, `2 min 5 s`, `1 h 4 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${Number((ms / 1000).toFixed(1))} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`
  const minutes = Math.round(seconds / 60)
  if (minutes < 2880) return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`
  return `${Math.round(minutes / 1440)} days`
}

/** `0.03 $`; what costs nothing reads so. */
export function money(micros: number): string {
  if (micros === 0) return '0 $'
  const value = micros / 1_000_000
  return value < 0.01 ? '< 0.01 $' : `${value.toFixed(2)} $`
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const longDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' })
const yearDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'medium' })
const precise = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 })

export const clockTime = (at: number): string => clock.format(at)
export const preciseTime = (at: number): string => precise.format(at)
export const fullTime = (at: number): string => full.format(at)

/** `21 December`, with the year when it is another one. */
export function date(at: number, now = Date.now()): string {
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? longDay.format(at) : yearDay.format(at)
}

/** `now`, `4 min ago`, `14:02`, `yesterday 14:02`, `3 Nov 14:02`. */
export function moment(at: number, now = Date.now()): string {
  const ago = now - at
  if (ago < 45_000 && ago > -5000) return 'just now'
  if (ago > 0 && ago < 3_600_000) return `${Math.max(1, Math.round(ago / 60_000))} min ago`
  const today = midnight(now)
  if (at >= today && at < today + 86_400_000) return clock.format(at)
  if (at >= today - 86_400_000 && at < today) return `yesterday ${clock.format(at)}`
  if (new Date(at).getFullYear() === new Date(now).getFullYear()) return `${day.format(at)} ${clock.format(at)}`
  return yearDay.format(at)
}

export const isPast = (at: number, now = Date.now()): boolean => at < now
/** When today began. */
export const midnight = (now = Date.now()): number => new Date(now).setHours(0, 0, 0, 0)

/** The first part of an id, enough to tell runs apart on one screen. */
export const shortId = (id: string): string => id.slice(-8)

let home: string | null = null
/** Tells which folder is the person's own on the machine that Life-OS runs on. */
export function rememberHome(path: string): void {
  home = path
}

export const homeFolder = (): string | null => home

/** A path with the home folder as `~`. */
export function homePath(path: string): string {
  if (home !== null && (path === home || path.startsWith(`${home}/`))) return `~${path.slice(home.length)}`
  return path.replace(/^\/(?:home|Users)\/[^/]+(?=\/|$)/, '~').replace(/^\/root(?=\/|$)/, '~')
}
/** A sentence that names paths, with the home folder as `~`. */
export const homeText = (text: string): string => (home === null ? text : text.replaceAll(`${home}/`, '~/'))
/** The last name of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1) || path
/** Everything before the last name; `/` for what lies at the root. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'
