import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Store } from '../store/index.ts'
import type { LabelBook } from './types.ts'

export interface StrangersDeps {
  store: Pick<Store, 'db'>
  labels: Pick<LabelBook, 'setFolder' | 'byRules'>
  /** The person's own home, absolute. */
  home: string
}

/** Who is named where nobody but Life-OS itself decided. */
export const BY_DEFAULT = 'life-os'

/**
 * Labels the folder that browsers save into as `untrusted`, once: what lies there strangers wrote. It is a rule like any other, which a
 * person sees and takes away.
 */
export async function labelDownloads({ store: { db }, labels, home }: StrangersDeps): Promise<void> {
  const stored = await db.selectFrom('settings').select('value_json').where('key', '=', DECIDED).executeTakeFirst()
  const known = JSON.parse(stored?.value_json ?? '[]') as string[] // written below
  const fresh: string[] = []
  for (const folder of await downloadFolders(home)) {
    const found = known.includes(folder) ? null : await stat(folder).catch(() => null)
    if (!found?.isDirectory()) continue
    fresh.push(folder)
    if (labels.byRules(folder).length === 0) await labels.setFolder(folder, ['untrusted'], BY_DEFAULT)
  }
  if (fresh.length === 0) return
  const value_json = JSON.stringify([...known, ...fresh])
  await db
    .insertInto('settings')
    .values({ key: DECIDED, value_json })
    .onConflict((c) => c.column('key').doUpdateSet({ value_json }))
    .execute()
}

/** Folders that were decided on once, so that a rule which a person takes away stays away. */
const DECIDED = 'labelled-downloads'

/** The usual one, and what the desktop was told: https://www.freedesktop.org/wiki/Software/xdg-user-dirs/ */
async function downloadFolders(home: string): Promise<string[]> {
  const told = await readFile(join(home, '.config', 'user-dirs.dirs'), 'utf8').catch(() => '')
  const [, named] = /^XDG_DOWNLOAD_DIR="\$HOME\/([^"\n]+)"/m.exec(told) ?? []
  const folder = named?.replace(/\/+$/, '')
  return [...new Set(['Downloads', ...(folder ? [folder] : [])])].map((name) => join(home, name))
}
