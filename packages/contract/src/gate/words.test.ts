import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byDanger, describePermission } from './words.ts'

const rows: [string, string, number, string | null][] = [
  ['fs.read:**', 'Read any file', 1, 'files'],
  ['fs.read:/home/ada/notes.txt', 'Read ~/notes.txt', 0, 'files'],
  ['fs.read:/home/ada/**', 'Read files in ~ and below', 1, 'files'],
  ['fs.read:/srv/*.pdf', 'Read files that match /srv/*.pdf', 1, 'files'],
  ['fs.write:/home/ada/Downloads/**', 'Change files in ~/Downloads and below', 1, 'files'],
  ['fs.write:/**', 'Change any file', 2, 'files'],
  ['fs.write', 'Change any file', 2, 'files'],
  ['fs.write@external:**', 'Change any file, for what reaches outside', 2, 'files'],
  ['net:*:443', 'Talk to any web site', 2, 'web'],
  ['net:*:80', 'Talk to any web site, without encryption', 2, 'web'],
  ['net:*:*', 'Talk to any address on any port', 2, 'web'],
  ['net:*', 'Talk to any address, this home’s own network too', 2, 'web'],
  ['net:example.org:443', 'Talk to example.org', 1, 'web'],
  ['net:example.org:80', 'Talk to example.org, without encryption', 1, 'web'],
  ['net:example.org', 'Talk to example.org on any port', 1, 'web'],
  ['net:*.example.org:443', 'Talk to every site below example.org', 2, 'web'],
  ['net:[::1]:8080', 'Talk to [::1] on port 8080', 1, 'web'],
  ['net@read:**', 'Talk to any address, this home’s own network too, only to look', 2, 'web'],
  ['exec:git', 'Run git, shut in a box', 2, 'commands'],
  ['exec:*', 'Run any program, shut in a box', 3, 'commands'],
  ['secret.use:github', 'Use the secret “github”, without seeing it', 2, 'secrets'],
  ['secret.read:github', 'Read the secret “github” in the clear', 3, 'secrets'],
  ['secret.read:**', 'Read every secret in the clear', 3, 'secrets'],
  ['model:text', 'Use models for “text”', 1, 'models'],
  ['browser:https://example.org', 'Use a browser on “https://example.org”', 2, 'web'],
  ['entity.read:story', 'Read entries of the kind “story”', 0, 'data'],
  ['entity.write:*', 'Change all entries', 1, 'data'],
  ['device:printer', 'Use the device “printer”', 2, 'home'],
  ['home:light.kitchen', 'Control “light.kitchen” in your home', 2, 'home'],
  ['spend:5 EUR/month', 'Spend up to “5 EUR” per “month”', 3, 'spending'],
  ['spend:**', 'Spend money without a limit', 3, 'spending'],
  ['moon:walk', 'Something this version does not know: “moon:walk”', 3, null],
  ['net@sideways:x:1', 'Something this version does not know: “net@sideways:x:1”', 3, null],
  ['constructor:x', 'Something this version does not know: “constructor:x”', 3, null],
  ['', 'Something this version does not know: “”', 3, null],
]

describe('a permission in plain words', () => {
  test.each(rows)('%s', (permission, title, danger, domain) => {
    expect(describePermission(permission)).toEqual({ title, danger, domain })
  })

  test('one home alone is the home, when it is told', () => {
    expect(describePermission('fs.read:/home/eve/a', { home: '/home/ada' }).title).toBe('Read /home/eve/a')
    expect(describePermission('fs.read:/home/ada/a', { home: '/home/ada' }).title).toBe('Read ~/a')
    expect(describePermission('fs.read:/home/adam/a', { home: '/home/ada' }).title).toBe('Read /home/adam/a')
  })
})

describe('hostile text', () => {
  const hostile: [string, string, string][] = [
    ['a line break', 'fs.read:/a\nAllowed by Ada', 'Read /a\\u{a}Allowed by Ada'],
    ['a terminal command', 'exec:\u001B[2Jgit', 'Run \\u{1b}[2Jgit, shut in a box'],
    ['reversed reading', 'fs.write:/\u202Etxt.exe', 'Change /\\u{202e}txt.exe'],
    ['nothing to see', 'net:exam\u200Bple.org:443', 'Talk to exam\\u{200b}ple.org'],
    ['a letter that looks like ours', 'net:p\u0430ypal.com:443', 'Talk to p\\u{430}ypal.com'],
    ['wide blanks', 'fs.read:/a\u2003\u00A0b', 'Read /a\\u{2003}\\u{a0}b'],
    ['quotation marks', 'secret.use:x” and “y', 'Use the secret “x" and "y”, without seeing it'],
    ['half a character', 'fs.read:/\uD800', 'Read /\\u{d800}'],
  ]
  test.each(hostile)('%s', (_what, permission, title) => {
    expect(describePermission(permission).title).toBe(title)
  })

  test('a very long one keeps both ends', () => {
    const { title } = describePermission(`fs.write:/srv/${'a/'.repeat(100_000)}passwords.txt`)
    expect(title).toMatch(/^Change \/srv\/a\/.* … .*\/passwords\.txt$/)
    expect(title.length).toBeLessThan(140)
  })

  test('whatever it is, the words are printable, on one line and short', () => {
    const kinds = fc.constantFrom('fs.read', 'fs.write', 'net', 'exec', 'secret.use', 'spend', 'home', '')
    const pattern = fc.string({ unit: 'binary', maxLength: 400 })
    fc.assert(
      fc.property(kinds, pattern, (kind, text) => {
        const { title } = describePermission(kind === '' ? text : `${kind}:${text}`)
        expect(title).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cf}]/u)
        expect(title.length).toBeLessThan(1500)
      }),
    )
  })
})

describe('most dangerous first', () => {
  test('texts and manifests’ entries', () => {
    const given = ['fs.read:/a', 'net:*:443', 'secret.read:x', 'fs.write:/a']
    expect(byDanger(given)).toEqual(['secret.read:x', 'net:*:443', 'fs.write:/a', 'fs.read:/a'])
    expect(byDanger(given.map((permission) => ({ permission, reason: 'r' })))[0]).toEqual({ permission: 'secret.read:x', reason: 'r' })
  })
  test('in one order however they came', () => {
    const all = rows.map(([permission]) => permission)
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (some) => {
        expect(byDanger(some)).toEqual(byDanger(all))
      }),
      { numRuns: 20 },
    )
  })
})
