// node tools/screenshots/main.ts [folder]: pictures of every page at both widths and in both themes, and what axe says of them.
import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openCamera } from './camera.ts'
import { setStage } from './stage.ts'
import { tellStory } from './story.ts'

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '..', '..', 'docs', 'screenshots'))
const browser =
  process.env['LIFEOS_CHROMIUM'] ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))
if (!browser) {
  console.error('No Chromium found. Install one, or name it in LIFEOS_CHROMIUM.')
  process.exit(1)
}
mkdirSync(folder, { recursive: true })
await using stage = await setStage()
await using camera = await openCamera(folder, browser)
await tellStory(camera, stage)
for (const fault of new Set(camera.faults)) console.log(fault)
console.log(`${folder}: done, ${camera.faults.length === 0 ? 'no fault found' : `${new Set(camera.faults).size} faults`}`)
process.exitCode = camera.faults.length === 0 ? 0 : 1
