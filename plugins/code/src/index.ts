import { definePlugin } from '@life-os/plugin-sdk'
import { javascript } from './tools/javascript.ts'
import { python } from './tools/python.ts'
import { saveFiles } from './tools/save-files.ts'

export default definePlugin({ tools: [javascript, python, saveFiles] })
