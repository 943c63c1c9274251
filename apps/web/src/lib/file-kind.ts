export type FileKind =
  | 'picture'
  | 'document'
  | 'audio'
  | 'video'
  | 'archive'
  | 'code'
  | 'installer'
  | 'folder'
  | 'request'
  | 'command'
  | 'other'

const ENDINGS: Record<Exclude<FileKind, 'folder' | 'request' | 'command' | 'other'>, string> = {
  picture: 'jpg jpeg png gif webp heic heif avif svg tif tiff bmp raw cr2 nef arw dng ico',
  document: 'pdf doc docx odt rtf txt md tex pages epub mobi xls xlsx ods csv numbers ppt pptx odp key ics eml vcf',
  audio: 'mp3 wav flac ogg opus m4a aac aiff mid wma',
  video: 'mp4 mov mkv webm avi m4v mpg mpeg wmv',
  archive: 'zip tar gz tgz bz2 xz zst 7z rar jar',
  code: 'js mjs ts tsx jsx py rb go rs c h cpp java kt swift sh html css scss json yaml yml toml xml sql ipynb',
  installer: 'dmg pkg exe msi deb rpm appimage apk iso',
}
const BY_ENDING = new Map<string, FileKind>(
  Object.entries(ENDINGS).flatMap(([kind, endings]) => endings.split(' ').map((ending) => [ending, kind as FileKind] as const)), // the keys are FileKinds
)

/** A glyph's worth of knowledge from a name; the content-based kind is the server's business. */
export function fileKind(name: string): FileKind {
  const dot = name.lastIndexOf('.')
  return dot < 1 ? 'other' : (BY_ENDING.get(name.slice(dot + 1).toLowerCase()) ?? 'other')
}
