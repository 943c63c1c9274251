import { describe, expect, test } from 'vitest'
import { createRedactor, nothingKnown } from './redactor.ts'

const VALUE = `p/ä"ss<w>ör'd&+ 1\\#?`
function knowing(value = VALUE, user?: string) {
  const redactor = createRedactor()
  redactor.know({ name: 'mail', values: [value], user })
  return redactor
}
const json = (text: string): string => JSON.stringify(text)
const php = (text: string): string => json(text).replaceAll('/', String.raw`\/`)
const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')

const forms: [string, string][] = [
  ['plain', VALUE],
  ['JSON', json(VALUE)],
  ['JSON inside JSON', json(json(VALUE))],
  ['JSON of PHP', php(VALUE)],
  [
    'JSON of Python',
    json(VALUE)
      .replaceAll('ä', String.raw`\u00e4`)
      .replaceAll('ö', String.raw`\u00f6`),
  ],
  ['percent', encodeURIComponent(VALUE)],
  ['percent in lower case', encodeURIComponent(VALUE).replaceAll(/%../g, (code) => code.toLowerCase())],
  ['a form', new URLSearchParams({ password: VALUE }).toString()],
  ['HTML', html(VALUE)],
  ['hex', Buffer.from(VALUE).toString('hex')],
]

describe('each form is found and nothing else is touched', () => {
  test.each(forms)('%s', (_name, form) => {
    const redactor = knowing()
    const redacted = redactor.text(`before ${form} after`)
    expect(redacted).toContain('[secret:mail]')
    expect(redacted).toMatch(/^before .* after$/)
    expect(redacted).not.toContain(form)
    expect(Buffer.from(redactor.bytes(Buffer.from(`before ${form} after`))).toString()).toBe(redacted)
  })

  test.each([0, 1, 2, 3, 4, 5])('base64 and base64url with %i bytes before it', (before) => {
    for (const value of ['canary-7f3a', 'ÿÿÿ>>>???', 'sixsix']) {
      const redactor = knowing(value)
      for (const after of ['', 'x', 'xy', 'xyz']) {
        const bytes = Buffer.concat([Buffer.alloc(before, 'a'), Buffer.from(value + after)])
        for (const encoding of ['base64', 'base64url'] as const) {
          const redacted = redactor.text(`<${bytes.toString(encoding)}>`)
          expect(redacted).toContain('[secret:mail]')
          expect(Buffer.from(redacted.replaceAll(/\[secret:mail\]/g, ''), 'base64').toString('latin1')).not.toContain(value.slice(0, 4))
        }
      }
    }
  })

  test('the basic form of user and password', () => {
    const basic = Buffer.from(`ada:${VALUE}`).toString('base64')
    expect(knowing(VALUE, 'ada').text(`Basic ${basic.replace(/=+$/, '')}`)).toBe('Basic [secret:mail]')
  })
})

test('the longest form at the earliest place wins, and redacting twice changes nothing more', () => {
  const redactor = createRedactor()
  redactor.know({ name: 'short', values: ['abcdef'] })
  redactor.know({ name: 'long', values: ['abcdefghij'] })
  redactor.know({ name: 'odd', values: ['secret'] })
  const once = redactor.text('abcdefghij abcdefg a secret')
  expect(once).toBe('[secret:long] [secret:short]g a [secret:odd]')
  expect(redactor.text(once)).toBe(once)
})

test('values in data of any depth, in names of fields and in bytes; what holds none is the same object', () => {
  const redactor = knowing('hunter2-hunter2')
  const clean = { a: [1, null, 'x'], b: { c: new Uint8Array([1]) } }
  expect(redactor.value(clean)).toBe(clean)
  expect(redactor.value({ 'hunter2-hunter2': [{ x: 'is hunter2-hunter2' }], n: 1, b: Buffer.from('hunter2-hunter2') })).toEqual({
    '[secret:mail]': [{ x: 'is [secret:mail]' }],
    n: 1,
    b: Buffer.from('[secret:mail]'),
  })
})

describe('in pieces', () => {
  test.each(forms)('%s, cut at every place', (_name, form) => {
    const redactor = knowing()
    const bytes = Buffer.from(`x${form}y${form}${form.slice(0, 5)}`)
    const whole = Buffer.from(redactor.bytes(bytes)).toString()
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const stream = redactor.stream()
      const parts = [stream.push(bytes.subarray(0, cut)), stream.push(bytes.subarray(cut)), stream.end()]
      expect(Buffer.concat(parts).toString()).toBe(whole)
      expect(stream.found).toBe(true)
    }
  })
  test('byte by byte, where one value begins another', () => {
    const redactor = createRedactor()
    redactor.know({ name: 'short', values: ['abcabc'] })
    redactor.know({ name: 'long', values: ['abcabcabd'] })
    const stream = redactor.stream()
    const text = 'ababcabcabd abcabcabc'
    const parts = [...Buffer.from(text)].map((byte) => stream.push(Buffer.of(byte)))
    expect(Buffer.concat([...parts, stream.end()]).toString()).toBe('ab[secret:long] [secret:short]abc')
  })
  test('what cannot be the beginning of a value is let go at once', () => {
    const stream = knowing('canary-value').stream()
    expect(Buffer.from(stream.push(Buffer.from('a line\n'))).toString()).toBe('a line\n')
    expect(Buffer.from(stream.push(Buffer.from('more can'))).toString()).toBe('more ')
    expect(Buffer.from(stream.push(Buffer.from('dles'))).toString()).toBe('candles')
  })
})

test('values come to be known while others hold the redactor, also the one of a place', () => {
  const redactor = createRedactor()
  const some = redactor.meant(['here.example:443'])
  expect([redactor.active, some.active, nothingKnown.active]).toEqual([false, false, false])
  redactor.know({ name: 'here', values: ['value-one'], hosts: ['*.example:443'] })
  redactor.know({ name: 'there', values: ['value-two'], hosts: ['there.example:443'] })
  redactor.know({ name: 'here', values: ['value-three'] })
  expect([redactor.active, some.active]).toEqual([true, true])
  expect(redactor.text('value-one value-two value-three')).toBe('[secret:here] [secret:there] [secret:here]')
  expect(some.text('value-one value-two value-three')).toBe('[secret:here] value-two [secret:here]')
})
