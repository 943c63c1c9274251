import type { FileImage } from '@life-os/contract'
import type { Entry } from '../disk/entry.ts'
import { sameTime } from '../disk/entry.ts'
import type { View } from '../disk/view.ts'
import { hashOf } from '../fs/content.ts'
import type { ContentBlobs } from '../fs/content.ts'
import { surveyOf } from '../fs/survey.ts'
import type { Disk } from '../disk/disk.ts'

export interface Comparing {
  view: View
  disk: Disk
  blobs: ContentBlobs
  signal: AbortSignal
}

/** How the present thing at a path differs from an image, in words; null when it is what the image says. */
export async function differenceOf(
  comparing: Comparing,
  path: string,
  present: Entry | null,
  image: FileImage | null,
): Promise<string | null> {
  if (image === null) return present === null ? null : `${path} is taken by something that came later`
  if (present === null) return `${path} is no longer there`
  if (present.kind !== image.kind) return `${path} was a ${image.kind} and is a ${present.kind} now`
  if (present.kind === 'link' && present.target !== image.target) return `the link ${path} points elsewhere now`
  if (present.mode !== image.mode) return `the permissions of ${path} have changed`
  if (present.kind === 'folder') return folderDifference(comparing, path, present, image)
  if (present.size !== image.size) return `${path} has another size now`
  if (present.kind !== 'file' || (present.ino === image.ino && sameTime(present.mtime, image.mtime))) return null
  return contentDifference(comparing, path, present, image)
}

async function folderDifference(comparing: Comparing, path: string, present: Entry, image: FileImage): Promise<string | null> {
  if (image.hash === undefined) return null
  const survey = await surveyOf(comparing.view, path, present, comparing.signal)
  return survey.digest === image.hash ? null : `something inside ${path} has changed`
}

/** Another inode or time: only equal bytes show that nothing was lost. */
async function contentDifference(comparing: Comparing, path: string, present: Entry, image: FileImage): Promise<string | null> {
  const changed = `${path} has been changed since`
  if (image.hash === undefined) return present.ino === undefined && sameTime(present.mtime, image.mtime) ? null : changed
  const hash = await hashOf(await comparing.view.content(path), comparing.disk, comparing.blobs, comparing.signal)
  return hash === image.hash ? null : changed
}
