/** Values shorter than this cannot be told from ordinary text, so that redacting them would destroy it. */
export const SHORTEST_VALUE = 6

/** Longer values, which are keys and not passwords, are looked for in one encoding at a time. */
const LONG = 4096

export const placeholderOf = (name: string): string => `[secret:${name}]`

/**
 * Every form in which a value may appear in text, without repeats: as it is, as the usual encodings write it, and as they
 * write what a request carries (a query, a form, basic credentials), since that is what others say again.
 */
export function formsOf(value: string, user?: string): string[] {
  const basic = user === undefined ? [] : base64Of(Buffer.from(`${user}:${value}`))
  const carried = value.length > LONG ? [value, ...basic] : [value, ...basic, ...percentForms(value), ...base64Forms(value)]
  const forms = new Set<string>([value.replaceAll('\n', '\r\n')])
  for (const text of new Set(carried)) {
    forms.add(text)
    for (const encode of [percentForms, jsonForms, htmlForms, hexForms, base64Forms]) for (const form of encode(text)) forms.add(form)
  }
  return [...forms].filter((form) => form.length >= SHORTEST_VALUE)
}

/** RFC 3986 and the form encoding of the WHATWG URL standard, in both cases of hex. */
function percentForms(value: string): string[] {
  const wellFormed = value.toWellFormed()
  const percent = encodeURIComponent(wellFormed)
  const strict = percent.replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  const form = new URLSearchParams({ v: wellFormed }).toString().slice(2)
  const query = new URL(`http://h/?${wellFormed.replaceAll('#', '%23')}`).search.slice(1) // as a URL keeps a query that was pasted in
  const all = [percent, strict, form, query]
  return [...all, ...all.map((text) => text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))]
}

/** JSON, JSON inside JSON, with the slashes that PHP and the `\u` that Python write. */
function jsonForms(value: string): string[] {
  const inner = (text: string): string => JSON.stringify(text).slice(1, -1)
  const once = inner(value)
  const ascii = once.replaceAll(/[\u007f-\uffff]/g, (sign) => String.raw`\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const slashed = once.replaceAll('/', String.raw`\/`)
  return [once, ascii, slashed, inner(once), inner(ascii), inner(slashed)]
}

function htmlForms(value: string): string[] {
  const basic = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const quoted = basic.replaceAll('"', '&quot;')
  return [basic, quoted, ...['&#39;', '&#x27;', '&#039;', '&apos;'].map((apostrophe) => quoted.replaceAll("'", apostrophe))]
}

function hexForms(value: string): string[] {
  const hex = Buffer.from(value).toString('hex')
  return [hex, hex.toUpperCase()]
}

/** Inside longer base64 a value stands at one of three alignments; the characters it shares with its neighbours are left out. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value)
  return [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes])
    const [start, end] = [Math.ceil((shift * 8) / 6), Math.floor((whole.length * 8) / 6)]
    return bothAlphabets(whole.toString('base64').slice(start, end))
  })
}
const base64Of = (bytes: Buffer): string[] => bothAlphabets(bytes.toString('base64').replace(/=+$/, ''))
const bothAlphabets = (text: string): string[] => [text, text.replaceAll('+', '-').replaceAll('/', '_')]
