export interface FoundAddress {
  address: string
  index: number
}

/** Bounded parts keep the time linear; the limits are those of RFC 5321 (64 before the @, 255 after it). */
const ADDRESS =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}_%+-](?:[\p{L}\p{N}._%+-]{0,62}[\p{L}\p{N}_%+-])?@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}[\p{L}]{2,24}(?![\p{L}\p{N}@-])/gu

/** E-mail addresses in reading order, each once, as first written. */
export function findAddresses(text: string): FoundAddress[] {
  const seen = new Set<string>()
  return [...text.matchAll(ADDRESS)]
    .map((match) => ({ address: match[0], index: match.index }))
    .filter(({ address }) => !address.includes('..') && !seen.has(address.toLowerCase()) && seen.add(address.toLowerCase()) !== undefined)
}
