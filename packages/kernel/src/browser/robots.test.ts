import { expect, test } from 'vitest'
import { parseRobots } from './robots.ts'

const robots = (text: string, agent = 'Life-OS') => parseRobots(text, agent)

test.each([
  ['', '/any', true],
  ['User-agent: *\nDisallow:', '/any', true],
  ['User-agent: *\nDisallow: /', '/any', false],
  ['User-agent: *\nDisallow: /private', '/private/a', false],
  ['User-agent: *\nDisallow: /private', '/public', true],
  ['User-agent: *\nDisallow: /a\nAllow: /a/b', '/a/b/c', true],
  ['User-agent: *\nAllow: /a\nDisallow: /a', '/a', true],
  ['User-agent: *\nDisallow: /*.pdf$', '/x/y.pdf', false],
  ['User-agent: *\nDisallow: /*.pdf$', '/x/y.pdf?z', true],
  ['User-agent: life-os\nDisallow: /\n\nUser-agent: *\nAllow: /', '/a', false],
  ['User-agent: other\nDisallow: /', '/a', true],
  ['User-agent: other\nUser-agent: Life-OS\nDisallow: /x', '/x', false],
  ['USER-AGENT: * # all\r\nDISALLOW: /q # here', '/q', false],
  [`User-agent: *\nDisallow: /${'*a'.repeat(2000)}b`, `/${'a'.repeat(20_000)}`, true],
])('%j on %s is %s', (text, path, allowed) => {
  expect(robots(text).allows(path)).toBe(allowed)
})
