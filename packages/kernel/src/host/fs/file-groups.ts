import type { Sniffed } from '@life-os/plugin-sdk'

type Group = Sniffed['group']
const sets = (groups: Partial<Record<Group, string>>): Map<string, Group> => {
  const map = new Map<string, Group>()
  for (const [group, extensions] of Object.entries(groups))
    for (const extension of extensions.split(' ')) map.set(extension, group as Group) // keys of a Record<Group, …>
  return map
}

/** By the extension that belongs to the content's signature, where the MIME type's first half does not tell. */
const BY_SIGNATURE = sets({
  document:
    'pdf docx docm dotx dotm xlsx xlsm xltx xltm pptx pptm potx potm ppsx ppsm odt ods odp odg ott ots otp otg rtf epub mobi ps eps chm vsdx xml cfb djvu pages key numbers indd skp',
  archive: 'zip tar gz bz2 xz 7z rar zst lz lz4 lzh cab ar z arj cpio jar rpa asar tar.gz alz ace',
  installer: 'exe msi deb rpm dmg apk crx xpi elf macho appimage pkg xar nes iso',
  data: 'sqlite parquet arrow avro orc dat mie pcap shp pst h5 hdf5 ics vcf mpc jmp sav reg pgp age blend fbx glb stl 3mf ply mobileprovision lnk alias',
  font: 'ttf otf woff woff2 ttc eot',
  code: 'wasm class luac',
})

export function groupOf(mime: string, extension: string): Group {
  const known = BY_SIGNATURE.get(extension)
  if (known) return known
  const [first] = mime.split('/')
  if (first === 'image') return 'picture'
  if (first === 'audio' || first === 'video' || first === 'font') return first
  if (mime.startsWith('text/')) return 'document'
  return 'other'
}

const MIMES: Record<string, string> = {
  md: 'text/markdown',
  markdown: 'text/markdown',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  json: 'application/json',
  jsonl: 'application/jsonl',
  ndjson: 'application/x-ndjson',
  geojson: 'application/geo+json',
  html: 'text/html',
  htm: 'text/html',
  xhtml: 'application/xhtml+xml',
  css: 'text/css',
  js: 'text/javascript',
  mjs: 'text/javascript',
  cjs: 'text/javascript',
  ts: 'text/x-typescript',
  xml: 'application/xml',
  svg: 'image/svg+xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  toml: 'application/toml',
  sql: 'application/sql',
  tex: 'application/x-tex',
  ics: 'text/calendar',
  vcf: 'text/vcard',
  eml: 'message/rfc822',
  py: 'text/x-python',
  sh: 'application/x-sh',
  c: 'text/x-c',
  h: 'text/x-c',
  java: 'text/x-java',
  rs: 'text/x-rust',
  go: 'text/x-go',
  rb: 'text/x-ruby',
  php: 'application/x-php',
  srt: 'application/x-subrip',
  vtt: 'text/vtt',
  log: 'text/plain',
  txt: 'text/plain',
  ini: 'text/plain',
  gpx: 'application/gpx+xml',
  kml: 'application/vnd.google-earth.kml+xml',
  bib: 'application/x-bibtex',
}
const BY_TEXT_EXTENSION = sets({
  code: 'js mjs cjs jsx ts mts cts tsx py pyi pyw rb php pl pm lua r jl go rs c h cc cpp cxx hpp hh hxx cs fs vb java kt kts scala groovy clj cljs ex exs erl hs ml mli swift m mm dart zig nim sh bash zsh fish ps1 psm1 bat cmd awk sed sql css scss sass less vue svelte astro coffee elm asm s v sv vhd vhdl tcl el lisp scm rkt gradle cmake mk makefile dockerfile tf hcl nix proto graphql gql ipynb diff patch',
  data: 'json jsonl ndjson geojson csv tsv yaml yml toml ini cfg conf xml plist ics vcf gpx kml env properties lock srt vtt sub',
  document: 'txt md markdown rst adoc asciidoc org tex bib html htm xhtml log rtf eml text nfo readme',
  picture: 'svg',
})

/** Kinds of text that only their extension tells apart. */
export function typeOfExtension(extension: string): { mime: string; group: Group } | undefined {
  const group = BY_TEXT_EXTENSION.get(extension)
  return group && { mime: MIMES[extension] ?? (group === 'code' ? `text/x-${extension}` : 'text/plain'), group }
}
