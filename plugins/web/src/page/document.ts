import { LifeOsError } from '@life-os/plugin-sdk'
import { parseHTML } from 'linkedom'

/** The few parts of the DOM that this plugin touches; linkedom provides them. */
export interface Element {
  readonly tagName: string
  readonly textContent: string | null
  readonly innerHTML: string
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
  try {
    const page = parseHTML(/<html[\s>]/i.test(html) ? html : `<html><head></head><body>${html}</body></html>`).document
    return page as unknown as Page // linkedom's own types need the DOM library; the interface above is the part used
  } catch (cause) {
    throw tooComplex(cause)
  }
}

/** Deep nesting overflows the stack of any recursive reader; that is the page's fault, said as such. */
export function tooComplex(cause: unknown): unknown {
  if (!(cause instanceof RangeError)) return cause
  return new LifeOsError('page-too-complex', 'This page is nested too deeply to read. Fetch it with web.fetch instead.', { cause })
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
