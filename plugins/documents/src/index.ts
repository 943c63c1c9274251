import { definePlugin } from '@life-os/plugin-sdk'
import { read } from './tools/read.ts'

export default definePlugin({ tools: [read] })
