import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'

const DAY = 86_400_000 // ms
const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day as 2026-03-01')

export const date = defineTool({
  id: 'assistant.date',
  title: 'Calendar',
  description:
    'Tells the day: today in a time zone, or a day given, with weekday, week and what lies some days, weeks, months or years before or after it. Models do not know what day it is.',
  input: z.object({
    day: Day.optional().describe('Default: today'),
    zone: z.string().max(60).default('UTC').describe('For today, such as Europe/Berlin'),
    add: z
      .object({ days: z.int(), weeks: z.int(), months: z.int(), years: z.int() })
      .partial()
      .default({})
      .describe('Moves the day; negative numbers move it back. A month that is too short ends on its last day'),
    until: Day.optional().describe('Also counts the days to this one'),
  }),
  output: z.object({
    day: z.string(),
    weekday: z.string(),
    week: z.string().describe('ISO week, 2026-W09'),
    quarter: z.int(),
    days: z.int().nullable().describe('To `until`; negative where that is before'),
  }),
  effect: 'read',
  idempotent: false,
  lane: 'cpu',
  needs: {},
  run: async ({ day, zone, add, until }, host) => {
    const from = day === undefined ? today(await host.clock.now(), zone) : parsed(day)
    const at = moved(from, add)
    return {
      day: written(at),
      weekday: new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(at),
      week: weekOf(at),
      quarter: Math.floor(new Date(at).getUTCMonth() / 3) + 1,
      days: until === undefined ? null : Math.round((parsed(until) - at) / DAY),
    }
  },
  examples: [
    {
      title: 'A month after the last day of January',
      input: { day: '2026-01-31', add: { months: 1 }, until: '2026-03-01' },
      output: { day: '2026-02-28', weekday: 'Saturday', week: '2026-W09', quarter: 1, days: 1 },
    },
    { title: 'Today in Berlin', input: { zone: 'Europe/Berlin' } },
  ],
})

type Moves = Partial<Record<'days' | 'weeks' | 'months' | 'years', number>>

/** Days are counted at midnight UTC, so that no change of the clocks makes one longer. */
function parsed(day: string): number {
  const at = Date.parse(`${day}T00:00:00Z`)
  if (!Number.isNaN(at) && written(at) === day) return at
  throw new LifeOsError('date-invalid', `There is no day ${day}. Write it as 2026-03-01.`, { class: 'user', applied: 'no' })
}

function today(now: number, zone: string): number {
  try {
    return parsed(new Intl.DateTimeFormat('sv', { timeZone: zone }).format(now)) // Swedish writes days as ISO does
  } catch (error) {
    if (error instanceof LifeOsError) throw error
    throw new LifeOsError('zone-unknown', `There is no time zone ${zone}. Write it as Europe/Berlin.`, { class: 'user', applied: 'no' })
  }
}

function moved(from: number, { days = 0, weeks = 0, months = 0, years = 0 }: Moves): number {
  const start = new Date(from)
  const month = start.getUTCMonth() + years * 12 + months
  const last = new Date(Date.UTC(start.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const result = Date.UTC(start.getUTCFullYear(), month, Math.min(start.getUTCDate(), last)) + (days + weeks * 7) * DAY
  const year = new Date(result).getUTCFullYear()
  if (year >= 1000 && year <= 9999) return result
  throw new LifeOsError('date-invalid', 'That day is further away than this calendar goes.', { class: 'user', applied: 'no' })
}

/** The week that holds the day's Thursday. */
function weekOf(at: number): string {
  const weekday = (new Date(at).getUTCDay() + 6) % 7
  const thursday = new Date(at + (3 - weekday) * DAY)
  const year = thursday.getUTCFullYear()
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY / 7) + 1
  return `${year}-W${String(week).padStart(2, '0')}`
}

const written = (at: number): string => new Date(at).toISOString().slice(0, 10)
