import { describe, expect, test } from 'vitest'
import { judge, mayBePublic } from './rules.ts'
import type { Moment, PageRequest } from './rules.ts'

const reach = {
  allows: (origin: string) => origin === 'https://shop.example' || origin === 'http://127.0.0.1:8080',
  places: [],
  elsewhere: true,
}
const page: PageRequest = { url: 'https://shop.example/', method: 'GET', type: 'Document', top: true }
const part: PageRequest = { url: 'https://cdn.example/a.png', method: 'GET', type: 'Image', top: false }
const reading: Moment = { reach, held: false, acting: false }
const acting: Moment = { ...reading, acting: true }

const rows: [what: string, request: Partial<PageRequest>, moment: Partial<Moment>, answer: true | string][] = [
  ['opens an allowed page', page, {}, true],
  ['does not open another', { ...page, url: 'https://evil.example/' }, {}, 'origin'],
  ['does not follow to another while acting', { ...page, url: 'https://evil.example/' }, acting, 'origin'],
  ['tells the port apart', { ...page, url: 'https://shop.example:8443/' }, {}, 'origin'],
  ['tells http from https', { ...page, url: 'http://shop.example/' }, {}, 'origin'],
  ['sends no form while reading', { ...page, method: 'POST' }, {}, 'sends'],
  ['sends a form while acting', { ...page, method: 'POST' }, acting, true],
  ['sends a secret nowhere else', { ...page, method: 'POST' }, { ...acting, reach: { ...reach, sendsTo: () => false } }, 'sends'],
  [
    'sends a secret by no script either',
    { ...page, method: 'POST', type: 'Fetch', top: false },
    { ...acting, reach: { ...reach, sendsTo: () => false } },
    'sends',
  ],
  ['follows where a secret may not go', page, { ...acting, reach: { ...reach, sendsTo: () => false } }, true],
  ['lets scripts talk to their own site', { ...page, method: 'POST', type: 'Fetch', top: false }, {}, true],
  ['shows a picture from elsewhere', part, {}, true],
  ['sends nothing elsewhere', { ...part, method: 'POST', type: 'Ping' }, {}, 'sends'],
  ['sends nothing elsewhere, while acting neither', { ...part, method: 'POST', type: 'Fetch' }, acting, 'sends'],
  ['shows a frame from elsewhere', { ...part, type: 'Document' }, {}, true],
  ['nothing is loaded from elsewhere with private data', part, { reach: { ...reach, elsewhere: false } }, 'elsewhere'],
  ['nothing leaves between calls', page, { reach: null }, 'no-call'],
  ['nothing leaves once a form is filled in', page, { held: true }, 'held'],
  ['no file', { ...page, url: 'file:///etc/passwd' }, {}, 'scheme'],
  ['no page of the browser itself', { ...page, url: 'chrome://settings' }, {}, 'scheme'],
  ['no FTP', { ...page, url: 'ftp://shop.example/' }, {}, 'scheme'],
  ['a part from this machine when it is granted', { ...part, url: 'http://127.0.0.1:8080/a.png' }, {}, true],
]
for (const url of [
  'http://127.0.0.1:9/',
  'http://localhost/',
  'http://[::1]/',
  'http://[::ffff:10.0.0.1]/',
  'http://169.254.169.254/',
  'http://192.168.1.1/',
  'http://router/',
  'http://nas.local/',
  'http://0x7f000001/',
  'http://2130706433/',
  'http://x.localhost/',
])
  rows.push([`no part from ${url}`, { ...part, url }, {}, 'private-address'])

describe('judge', () => {
  test.each(rows)('%s', (_what, request, moment, answer) => {
    const verdict = judge({ ...page, ...request }, { ...reading, ...moment })
    expect(verdict.pass ? true : verdict.why).toBe(answer)
  })

  test('a public name may be public, whatever it leads to', () => {
    expect(mayBePublic('example.org')).toBe(true)
    expect(mayBePublic('93.184.215.14')).toBe(true)
  })
})
