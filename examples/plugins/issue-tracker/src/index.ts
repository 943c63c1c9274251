import { definePlugin } from '@life-os/plugin-sdk'
import { create } from './tools/create.ts'
import { list } from './tools/list.ts'

export default definePlugin({ tools: [create, list] })
