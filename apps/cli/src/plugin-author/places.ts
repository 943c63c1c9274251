import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import { LOCAL_FOLDER, localFiles } from '@life-os/plugin-sdk/scaffold'
import { BUILD } from '@life-os/server/places'
import { absolute } from '../commands/inputs.ts'

/** The checkout that this command belongs to. */
const root = path.dirname(BUILD)
const bundled = !import.meta.url.endsWith('.ts')

/** How a stranger's folder is bundled by the form of this program that runs. */
export const BUNDLER = bundled ? { program: path.join(BUILD, 'server', 'bundler.js') } : {}

/** A plugin's folder as typed. Errors: `input-invalid`, `build-missing`. */
export function pluginFolder(typed: string): string {
  const folder = absolute(typed)
  if (!existsSync(path.join(folder, 'manifest.json')))
    throw new LifeOsError('input-invalid', `${folder} holds no manifest.json. Name a plugin's folder, or make one: lifeos plugin new <id>`)
  if (!existsSync(path.join(BUILD, 'sdk', 'probe.js')))
    throw new LifeOsError('build-missing', `Life-OS itself is not built. Run “npm run build” in ${root}.`, { class: 'operational' })
  return folder
}

/** Writes what an editor needs to know of this machine. */
export async function writeLocal(folder: string): Promise<void> {
  const place = path.join(folder, LOCAL_FOLDER)
  await mkdir(place, { recursive: true })
  for (const [name, text] of Object.entries(localFiles(root.split(path.sep).join('/')))) await writeFile(path.join(place, name), text)
}
