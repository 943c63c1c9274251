import { definePlugin } from '@life-os/plugin-sdk'
import { sort } from './sort.ts'

export default definePlugin({ tools: [sort] })
