import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlaceName } from './intents/place-words.ts'

/** The folders of whoever runs Life-OS, for what people call them. Looks only; reads no file but the desktop's list of folders. */
export interface Places {
  readonly home: string
  /** Where a place with a name of its own is, whether it is there or not. */
  named(name: PlaceName): Promise<string>
  /** What stands at a whole path; null for nothing. */
  kind(path: string): Promise<'folder' | 'file' | null>
  /** Names in a folder; none where it cannot be looked at. */
  names(folder: string): Promise<string[]>
}

/** By name: what the XDG user directories call it, and what it is called where nothing says otherwise. */
const DIRECTORIES: Readonly<Record<Exclude<PlaceName, 'home'>, readonly [key: string, name: string]>> = {
  downloads: ['XDG_DOWNLOAD_DIR', 'Downloads'],
  desktop: ['XDG_DESKTOP_DIR', 'Desktop'],
  documents: ['XDG_DOCUMENTS_DIR', 'Documents'],
  pictures: ['XDG_PICTURES_DIR', 'Pictures'],
  music: ['XDG_MUSIC_DIR', 'Music'],
  videos: ['XDG_VIDEOS_DIR', process.platform === 'darwin' ? 'Movies' : 'Videos'],
}

/** @see https://www.freedesktop.org/wiki/Software/xdg-user-dirs/ */
export function createPlaces(home: string): Places {
  const listed = async (): Promise<string> => readFile(join(home, '.config', 'user-dirs.dirs'), 'utf8').catch(() => '')
  const kind: Places['kind'] = async (path) => {
    const found = await stat(path).catch(() => null)
    return found === null ? null : found.isDirectory() ? 'folder' : 'file'
  }
  return {
    home,
    kind,
    names: (folder) => readdir(folder).catch(() => []),
    async named(name) {
      if (name === 'home') return home
      const [key, usual] = DIRECTORIES[name]
      const line = new RegExp(`^${key}="(\\$HOME)?(/[^"]*)"`, 'm').exec(await listed())
      return line ? (line[1] ? join(home, line[2] ?? '') : (line[2] ?? '')) : join(home, usual)
    },
  }
}
