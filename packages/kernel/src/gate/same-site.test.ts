import { describe, expect, it } from 'vitest'
import { sameSite } from './same-site.ts'

const doors = (resource: string) => sameSite({ kind: 'net', resource }).map((need) => need.resource)

describe('the other doors of a site', () => {
  it('are its secure form and its name with or without www', () => {
    expect(doors('example.org:80')).toEqual(['example.org:443', 'www.example.org:443', 'www.example.org:80'])
    expect(doors('www.example.org:443')).toEqual(['example.org:443'])
  })
  it('never lead from the secure form to the open one', () => {
    expect(doors('example.org:443')).toEqual(['www.example.org:443'])
  })
  it.each(['127.0.0.1:80', '[::1]:80', 'localhost:80', '10.0.0.1:443', 'example.org:8080'])('%s has none', (resource) => {
    expect(doors(resource)).toEqual([])
  })
  it('are for addresses only', () => {
    expect(sameSite({ kind: 'fs.read', resource: 'example.org:80' })).toEqual([])
  })
})
