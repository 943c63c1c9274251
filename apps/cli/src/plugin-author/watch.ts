import { watch } from 'node:fs'
import path from 'node:path'

const IGNORED = new Set(['.life-os', '.git', 'node_modules'])
/** An editor writes a file in several goes; these are one change. */
const SETTLE = 150 // ms

/** Calls back once for each burst of changes below a folder. */
export function watchFolder(folder: string, onChange: () => void): Disposable {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(folder, { recursive: true }, (_, name) => {
    if (name !== null && IGNORED.has(name.split(path.sep)[0] ?? '')) return
    clearTimeout(timer)
    timer = setTimeout(onChange, SETTLE)
  })
  watcher.on('error', () => undefined) // a folder inside that vanished while it was looked at
  return {
    [Symbol.dispose]() {
      clearTimeout(timer)
      watcher.close()
    },
  }
}
