import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Makes a new messy folder under the person's home, where any file manager shows it. */
export async function makeSample(parent = join(homedir(), 'Life-OS samples')): Promise<{ path: string; files: number }> {
  const path = freePath(join(parent, 'Messy folder'))
  const { makeSampleFolder } = await import('@life-os/kernel/sample') // asked for once, if ever
  const { files } = await makeSampleFolder(path)
  return { path, files }
}

function freePath(wished: string): string {
  if (!existsSync(wished)) return wished
  for (let number = 2; ; number += 1) {
    const numbered = `${wished} ${number}`
    if (!existsSync(numbered)) return numbered
  }
}
