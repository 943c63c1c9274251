import { LifeOsError } from '@life-os/plugin-sdk'
import { Parser } from 'htmlparser2'
import { parseHTML } from 'linkedom'

/** The few parts of the DOM that this plugin touches; linkedom provides them. */
export interface Element {
  readonly tagName: string
  readonly textContent: string | null
  readonly innerHTML: string
  readonly parentNode: Element | null
  readonly nextSibling: unknown
  readonly children: Iterable<Element>
  getAttribute(name: string): string | null
  setAttribute(name: string, value: string): void
  removeAttribute(name: string): void
  querySelector(selector: string): Element | null
  querySelectorAll(selector: string): Iterable<Element>
  remove(): void
}
export interface Page extends Element {
  readonly documentElement: Element
  readonly body: Element
}

/** Parses HTML, makes every link and picture address absolute, and gives lazily loaded pictures their real address. */
export function parsePage(html: string, url: string): Page {
  const page = parse(html)
  const base = resolve(page.querySelector('base[href]')?.getAttribute('href') ?? '', url) ?? url
  for (const image of page.querySelectorAll('img')) settlePicture(image, base)
  for (const link of page.querySelectorAll('a[href]')) {
    const target = resolve(link.getAttribute('href') ?? '', base)
    if (target) link.setAttribute('href', target)
    else link.removeAttribute('href')
  }
  return page
}

/** Parses a fragment such as a feed item's summary. */
export function parseFragment(html: string, url: string): Page {
  return parsePage(`<!doctype html><html><head></head><body>${html}</body></html>`, url)
}

function parse(html: string): Page {
  refuseExcess(html)
  const page = parseHTML(/<html[\s>]/i.test(html) ? html : `<html><head></head><body>${html}</body></html>`).document
  return page as unknown as Page // linkedom's own types need the DOM library; the interface above is the part used
}

/** Reading takes time that grows with the cube of the depth; pages that people write stay below 100 levels. */
const MAX_DEPTH = 256
const MAX_ELEMENTS = 100_000

/** One quick pass with the same parser, before the slow ones: a page made to keep a reader busy is refused in words. */
function refuseExcess(html: string): void {
  let depth = 0
  let elements = 0
  let excess = ''
  const parser = new Parser({
    onopentagname: () => {
      depth += 1
      elements += 1
      if (depth > MAX_DEPTH) excess = `is nested more than ${MAX_DEPTH} levels deep`
      else if (elements > MAX_ELEMENTS) excess = `has more than ${MAX_ELEMENTS} elements`
      if (excess !== '') parser.pause()
    },
    onclosetag: () => void (depth -= 1),
  })
  parser.end(html)
  if (excess !== '') throw new LifeOsError('page-too-complex', `This page ${excess} and is not read. Fetch it as it is with web.fetch.`)
}

const LAZY = ['data-src', 'data-original', 'data-lazy-src', 'data-url'] as const

function settlePicture(image: Element, base: string): void {
  const source = image.getAttribute('src') ?? ''
  const lazy = LAZY.map((name) => image.getAttribute(name)).find((value) => value)
  const candidates = [
    /^data:|^$/.test(source) ? null : source,
    lazy,
    largest(image.getAttribute('srcset') ?? image.getAttribute('data-srcset') ?? ''),
  ]
  const target = candidates.map((value) => value && resolve(value, base)).find((value) => value)
  image.removeAttribute('srcset')
  if (target) image.setAttribute('src', target)
  else image.remove()
}

/** The address with the greatest width or density of a `srcset`. */
function largest(set: string): string | null {
  const candidates = set.split(/,\s+/).map((entry) => {
    const [address = '', size = '1x'] = entry.trim().split(/\s+/)
    return { address, size: Number.parseFloat(size) || 1 }
  })
  const best = candidates.filter((candidate) => candidate.address !== '').toSorted((one, other) => other.size - one.size)[0]
  return best?.address ?? null
}

/** An absolute http(s) or mailto address, or null for scripts, data and nonsense. */
function resolve(address: string, base: string): string | null {
  const url = URL.parse(address.trim(), base)
  return url && /^(https?|mailto):$/.test(url.protocol) ? url.href : null
}
