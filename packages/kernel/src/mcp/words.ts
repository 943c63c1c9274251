/** Controls, and characters that hide or reorder others. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]+/gu

/** A stranger's words as one line that shows what it holds. */
export function oneLine(text: string, most: number): string {
  const flat = text.replace(HIDDEN, ' ').replace(/ {2,}/g, ' ').trim()
  return flat.length > most ? `${flat.slice(0, most - 1)}…` : flat
}

/** Of several lines; what would steer a terminal or hide is left out, the words themselves stay. */
export function lines(text: string, most: number): string {
  const plain = text.replace(/\r\n?/g, '\n').replace(/[^\P{C}\n\t]+/gu, '')
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain
}

/** `Read_File.v2` as part of an id: `read-file-v2`; unique among `taken`, which gains it. */
export function slugOf(name: string, taken: Set<string>): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '')
    .slice(0, 60)
  const base = plain === '' ? 'tool' : plain
  let slug = base
  for (let number = 2; taken.has(slug); number += 1) slug = `${base}-${number}`
  taken.add(slug)
  return slug
}
