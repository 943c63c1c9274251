import { definePlugin } from '@life-os/plugin-sdk'
import { count } from './count.ts'

export default definePlugin({ tools: [count] })
