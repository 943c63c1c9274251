import { definePlugin } from '@life-os/plugin-sdk'
import { run } from './tools/run.ts'
import { tryOnFolder } from './tools/try.ts'

export default definePlugin({ tools: [run, tryOnFolder] })
