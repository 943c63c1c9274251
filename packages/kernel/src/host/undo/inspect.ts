import type { PreviewWarning } from '@life-os/contract'
import type { Disk } from '../disk/disk.ts'
import { isShare } from '../disk/mounts.ts'
import { absolutePath, joinPath, nameOf, parentOf } from '../paths/path.ts'
import { listFolder } from '../fs/listing.ts'
import { createDiskView } from '../disk/disk-view.ts'

/** What a sync client leaves in the folders it owns. Sources: the clients' own documentation and the files they make. */
const MARKERS: Record<string, string> = {
  '.dropbox': 'Dropbox',
  '.dropbox.cache': 'Dropbox',
  '.stfolder': 'Syncthing',
  '.sync_journal.db': 'Nextcloud or ownCloud',
  '.owncloudsync.log': 'ownCloud',
  '.nextcloudsync.log': 'Nextcloud',
  '.tmp.driveupload': 'Google Drive',
  '.tmp.drivedownload': 'Google Drive',
  '.SynologyWorkingDirectory': 'Synology Drive',
  '.seafile-data': 'Seafile',
  '.megaignore': 'MEGA',
  '.iCloud': 'iCloud',
}
const NAMES: [RegExp, string][] = [
  [/^Dropbox( \(.+\))?$/, 'Dropbox'],
  [/^OneDrive( ?- ?.+)?$/, 'OneDrive'],
  [/^(Google Drive|GoogleDrive|My Drive)/, 'Google Drive'],
  [/^(com~apple~CloudDocs|iCloud ?Drive)/, 'iCloud'],
  [/^(Nextcloud|ownCloud)$/, 'Nextcloud'],
  [/^pCloudDrive$/, 'pCloud'],
]
/** Folders looked into for ones that cannot be read. */
const LOOKED_AT = 20_000

/** Warnings about a folder before its preview: parts that cannot be read, a network share, a sync client that owns it. */
export async function inspect(disk: Disk, asked: string): Promise<PreviewWarning[]> {
  const path = await disk.canonical(absolutePath(asked))
  const warnings: PreviewWarning[] = []
  const mount = disk.mounts.of(path)
  if (mount && isShare(mount))
    warnings.push({
      code: 'folder-network-share',
      path,
      message: `${path} lies on a network share (${mount.type}); it is slower, and others may change it meanwhile.`,
    })
  const client = (await syncClientOf(disk, path))?.by
  if (client !== undefined)
    warnings.push({
      code: 'folder-sync-client',
      path,
      message: `${path} belongs to ${client}; what is done here is done on your other devices too.`,
    })
  return [...warnings, ...(await unreadable(disk, path))]
}

/** A place that others read too: the folder known to be shared, and by whom. Null where there is none. */
export async function sharedPlace(disk: Disk, path: string): Promise<{ folder: string; by: string } | null> {
  const mount = disk.mounts.of(path)
  if (mount && isShare(mount)) return { folder: mount.point, by: `a ${mount.type} share` }
  return syncClientOf(disk, path)
}

async function syncClientOf(disk: Disk, path: string): Promise<{ folder: string; by: string } | null> {
  for (let folder = path; folder !== '/'; folder = parentOf(folder)) {
    const named = NAMES.find(([pattern]) => pattern.test(nameOf(folder)))
    if (named) return { folder, by: named[1] }
    for (const [marker, by] of Object.entries(MARKERS))
      if (await disk.entry(joinPath(folder, marker)).catch(() => null)) return { folder, by }
  }
  return null
}

async function unreadable(disk: Disk, path: string): Promise<PreviewWarning[]> {
  const warning = (at: string, message: string): PreviewWarning => ({ code: 'folder-unreadable', path: at, message })
  try {
    const entry = await disk.entry(path)
    if (entry?.kind !== 'folder') return []
    const found = await listFolder(createDiskView(disk), path, { recursive: true, max: LOOKED_AT }, new AbortController().signal)
    return found
      .filter((stat) => stat.unreadable !== undefined)
      .map((stat) => warning(stat.path, `${stat.path} cannot be read and is left out.`))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'list-too-long') return [] // too much to look through beforehand; the listing itself names what it cannot read
    return [warning(path, `${path} cannot be read by the account Life-OS runs as; change its permissions or choose another folder.`)]
  }
}
