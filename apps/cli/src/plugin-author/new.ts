import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import { idFault, scaffoldFiles } from '@life-os/plugin-sdk/scaffold'
import { BUILD } from '@life-os/server/places'
import { absolute } from '../commands/inputs.ts'
import { EXIT } from '../output/exit.ts'
import type { Command } from '../session.ts'
import { writeLocal } from './places.ts'

/** Makes a complete plugin in a folder of its own. Errors: `input-invalid` for an id that cannot be or a folder that is taken. */
export const newPlugin: Command<{ id: string; dir?: string }> = async ({ io, paint }, { id, dir = '.' }) => {
  const fault = idFault(id) ?? (await bundledFault(id))
  if (fault !== null) throw new LifeOsError('input-invalid', fault)
  const folder = path.join(absolute(dir), id)
  if (existsSync(folder)) throw new LifeOsError('input-invalid', `${folder} is taken. Choose another id, or another --dir.`)
  const files = scaffoldFiles({ id, author: userName() })
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), text, { flag: 'wx' })
  }
  await writeLocal(folder)
  if (io.json) io.out(JSON.stringify({ id, folder, files: Object.keys(files) }))
  else for (const line of nextSteps(folder)) io.out(line)
  if (!io.json) io.note(paint('dim', 'The guide is docs/guides/authoring.md in the folder of Life-OS.'))
  return EXIT.done
}

async function bundledFault(id: string): Promise<string | null> {
  const list = JSON.parse(await readFile(path.join(BUILD, 'plugins', 'bundled.json'), 'utf8').catch(() => '{}')) as { plugins?: object } // our own build wrote it
  return Object.hasOwn(list.plugins ?? {}, id) ? `“${id}” is the id of a plugin that comes with Life-OS. Choose another one.` : null
}

const nextSteps = (folder: string): string[] => [
  `Made ${folder}`,
  '',
  `  lifeos plugin check ${quoted(folder)}     every rule, with what to mend`,
  `  lifeos plugin dev ${quoted(folder)}       check at every change, and try its tools`,
  `  lifeos plugin install ${quoted(folder)}   into your Life-OS`,
]

const quoted = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'you' // a container may have no user entry
  }
}
