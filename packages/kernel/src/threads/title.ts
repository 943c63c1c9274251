const LONGEST = 60 // characters
export const UNTITLED = 'New conversation'

/** The first sentence of what was said, on one line, at most sixty characters, cut between words. */
export function titleFrom(text: string): string {
  const line = (text.split('\n').find((one) => /[\p{L}\p{N}]/u.test(one)) ?? '').replaceAll(/\s+/gu, ' ').trim()
  const sentence = /^.*?[.!?…。！？](?=\s|$)/u.exec(line)?.[0] ?? line
  const bare = sentence.replace(/^[#>*\-\s`]+/u, '').replace(/[.:;,…]+$/u, '')
  const title = shorten(bare || line)
  return title === '' ? UNTITLED : title
}

function shorten(text: string): string {
  const characters = Array.from(text)
  if (characters.length <= LONGEST) return text
  const cut = characters.slice(0, LONGEST - 1).join('')
  const space = cut.lastIndexOf(' ')
  return `${space > LONGEST / 2 ? cut.slice(0, space) : cut}…`
}
