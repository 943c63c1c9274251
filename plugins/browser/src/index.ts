import { definePlugin } from '@life-os/plugin-sdk'
import { click, download, saveSession, submit } from './tools/act.ts'
import { fillForm, select, type, upload } from './tools/fill.ts'
import { open } from './tools/open.ts'
import { pdf, screenshot } from './tools/picture.ts'
import { close, extract, read } from './tools/read.ts'

export default definePlugin({
  tools: [click, close, download, extract, fillForm, open, pdf, read, saveSession, screenshot, select, submit, type, upload],
})
