import { expect, test } from 'vitest'
import { draftFaults, firstDraft, hostOf, hostsOf, secretOf } from './secret-draft.ts'

test.each([
  ['api.example.org', 'api.example.org:443'],
  ['API.Example.org:8443', 'api.example.org:8443'],
  ['https://api.example.org/v1/things', 'api.example.org:443'],
  ['http://localhost/x', 'localhost:80'],
  ['*.example.org', '*.example.org:443'],
])('the host of %s', (line, host) => {
  expect(hostOf(line)).toBe(host)
})

test('hosts are told apart by line or comma, each once', () => {
  expect(hostsOf('a.org\n\n b.org:1 , a.org:443')).toEqual(['a.org:443', 'b.org:1'])
})

test('an empty draft says what every field needs', () => {
  expect(Object.keys(draftFaults(firstDraft({}))).toSorted()).toEqual(['hosts', 'name', 'value'])
  expect(draftFaults(firstDraft({ name: 'My Key', value: 'x', hosts: 'a b' }))).toEqual({
    name: 'Use small letters, digits and hyphens, beginning with a letter.',
    hosts: '“a b:443” is no host. Write for example api.example.org or *.example.org:8443.',
  })
  expect(Object.keys(draftFaults(firstDraft({ name: 'a', value: 'x', hosts: 'a.org', kind: 'oauth2' }))).toSorted()).toEqual([
    'clientId',
    'tokenUrl',
  ])
  expect(draftFaults(firstDraft({ name: 'a', value: 'x', hosts: 'a.org', kind: 'basic' }))).toEqual({ user: 'Write the user’s name.' })
})

test('only the fields of the chosen kind are sent', () => {
  const draft = firstDraft({ name: 'mail', value: 'x', hosts: 'a.org', user: 'ada', tokenUrl: 'https://a.org', clientId: 'c', scope: 's' })
  expect(secretOf(draft)).toEqual({ name: 'mail', title: '', kind: 'token', value: 'x', hosts: ['a.org:443'] })
  expect(secretOf({ ...draft, kind: 'basic' })).toMatchObject({ user: 'ada' })
  expect(secretOf({ ...draft, kind: 'oauth2' }).oauth).toEqual({ tokenUrl: 'https://a.org', clientId: 'c', scope: 's' })
})
