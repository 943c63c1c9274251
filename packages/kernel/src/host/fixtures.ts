import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** A fresh folder below the system's temporary folder, as its real path. */
export function temporaryFolder(root = os.tmpdir()): string {
  return fs.realpathSync(fs.mkdtempSync(path.join(root, 'life-os-test-')))
}

/** Everything below a folder: path, kind, size, SHA-256, mode, link target, and a file's time to the millisecond (a link's own time is nobody's). */
export function manifestOf(folder: string): string[] {
  const lines: string[] = []
  const visit = (at: Buffer, relative: string): void => {
    for (const name of fs.readdirSync(at, { encoding: 'buffer' }).toSorted(Buffer.compare)) {
      const below = Buffer.concat([at, Buffer.from('/'), name])
      const stats = fs.lstatSync(below)
      const label = `${relative}/${name.toString('latin1')} ${(stats.mode & 0o7777).toString(8)}`
      if (stats.isDirectory()) {
        lines.push(`${label} folder`)
        visit(below, `${relative}/${name.toString('latin1')}`)
      } else if (stats.isSymbolicLink()) lines.push(`${label} link ${fs.readlinkSync(below)}`)
      else if (stats.isFile())
        lines.push(
          `${label} file ${stats.size} ${createHash('sha256').update(fs.readFileSync(below)).digest('hex')} ${Math.floor(stats.mtimeMs)}`,
        )
      else lines.push(`${label} special`)
    }
  }
  visit(Buffer.from(folder), '')
  return lines
}
