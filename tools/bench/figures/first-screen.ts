import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { WEB } from '@life-os/server'
import type { Figure } from '../figure.ts'

/** Loaded lazily, but a part of the first screen of somebody signed in. */
const HOME_PAGE = /^home-page-.*\.js$/

export const firstScreen: Figure = {
  name: 'first-screen',
  title: 'First screen JavaScript, gzipped',
  target: { is: 'most', value: 250, unit: 'KB' },
  async measure() {
    const page = readFileSync(join(WEB, 'index.html'), 'utf8')
    const named = [...page.matchAll(/<(?:script|link)\b[^>]*?(?:src|href)="(\/[^"]+\.js)"/g)].map((match) => join(WEB, match[1] ?? ''))
    const home = readdirSync(join(WEB, 'assets'))
      .filter((name) => HOME_PAGE.test(name))
      .map((name) => join(WEB, 'assets', name))
    if (named.length === 0 || home.length !== 1) throw new Error('the built web app is not as expected; run npm run build')
    const files = new Set<string>()
    for (const file of [...named, ...home]) follow(file, files)
    const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 6 }).length, 0)
    return { value: bytes / 1000, note: `${files.size} modules: what index.html names, the Home page, and all they import statically` }
  },
}

function follow(file: string, seen: Set<string>): void {
  if (seen.has(file)) return
  seen.add(file)
  const source = readFileSync(file, 'utf8')
  for (const [, specifier = ''] of source.matchAll(/(?:\bfrom|\bimport)\s*["'](\.{1,2}\/[^"']+\.js)["']/g))
    follow(join(dirname(file), specifier), seen)
}
