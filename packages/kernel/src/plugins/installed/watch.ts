import { watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import type { Timers } from '../timers.ts'

const PAUSE = 150 // milliseconds without a change before it is built
const LEFT_OUT = /(^|\/)(\.git|node_modules)(\/|$)|(~|\.swp|\.tmp)$/

export interface Watches extends Disposable {
  /** Watches exactly these folders from now on, each for a plugin. */
  set(folders: ReadonlyMap<string, string>): void
}

/** Tells of changes below folders, once they have come to rest. */
export function createWatches(timers: Timers, onChange: (plugin: string) => void): Watches {
  const watched = new Map<string, { folder: string; watcher: FSWatcher; timer: Disposable | null }>()

  function stop(plugin: string): void {
    const one = watched.get(plugin)
    watched.delete(plugin)
    one?.timer?.[Symbol.dispose]()
    one?.watcher.close()
  }

  function start(plugin: string, folder: string): void {
    const watcher = watch(folder, { recursive: true, persistent: false }, (_, file) => {
      const one = watched.get(plugin)
      if (!one || (file !== null && LEFT_OUT.test(file))) return
      one.timer?.[Symbol.dispose]()
      one.timer = timers.after(PAUSE, () => onChange(plugin))
    })
    watcher.on('error', () => stop(plugin)) // the folder is gone: the plugin stays as it is
    watched.set(plugin, { folder, watcher, timer: null })
  }

  return {
    set(folders) {
      for (const [plugin, { folder }] of watched) if (folders.get(plugin) !== folder) stop(plugin)
      for (const [plugin, folder] of folders) {
        if (watched.has(plugin)) continue
        try {
          start(plugin, folder)
        } catch {
          // not there at present; installing it again watches it again
        }
      }
    },
    [Symbol.dispose]() {
      for (const plugin of watched.keys()) stop(plugin)
    },
  }
}
