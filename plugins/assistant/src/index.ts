import { definePlugin } from '@life-os/plugin-sdk'
import { calculate } from './tools/calculate.ts'
import { date } from './tools/date.ts'

export default definePlugin({ tools: [calculate, date] })
