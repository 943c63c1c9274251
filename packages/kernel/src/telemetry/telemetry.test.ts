import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createRedactor } from '../secrets/index.ts'
import { createCounters } from './counters.ts'
import { createLogger, REDACTED } from './logger.ts'

function logged() {
  const lines: string[] = []
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString())
      done()
    },
  })
  return { lines, logger: createLogger({ stream, level: 'debug' }) }
}

test('values of secret fields never reach the log, however deep they stand', () => {
  const { lines, logger } = logged()
  logger.info(
    { Authorization: 'Bearer s3cret', request: { headers: [{ cookie: 's3cret' }], body: { passphrase: 's3cret', name: 'Ada' } } },
    'asked',
  )
  logger.child({ token: 's3cret' }).warn({ 'api-key': 's3cret', csrf: 's3cret' }, 'again')
  expect(lines.join()).not.toContain('s3cret')
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', msg: 'asked', Authorization: REDACTED, request: { body: { name: 'Ada' } } })
})

test('an error is told with its code', () => {
  const { lines, logger } = logged()
  logger.error({ err: Object.assign(new Error('broken'), { code: 'disk-full' }) }, 'failed')
  expect(JSON.parse(lines[0]!)).toMatchObject({ err: { message: 'broken', code: 'disk-full' } })
})

test('a value that becomes known is in no later line: message, fields, children made before, errors', () => {
  const { lines, logger } = logged()
  const child = logger.child({ part: 'old' })
  const redactor = createRedactor()
  logger.redactBy?.(redactor)
  redactor.know({ name: 'mail', values: ['can"ary-value'] })
  logger.info('said can"ary-value')
  child.warn({ deep: [{ x: 'can"ary-value' }], err: new Error('of can"ary-value') }, 'told')
  logger.child({ name: 'can"ary-value' }).error(`{"json":${JSON.stringify('can"ary-value')}}`)
  expect(lines.join('')).not.toMatch(/ary-value/)
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { msg: 'said [secret:mail]' },
    { msg: 'told' },
    { name: '[secret:mail]' },
  ])
})

test('counters count and time', () => {
  const counters = createCounters()
  counters.count('runs')
  counters.count('runs', 2)
  counters.time('calls', 5)
  counters.time('calls', 15)
  expect(counters.read()).toEqual({ runs: { count: 3, total: 0, max: 0 }, calls: { count: 2, total: 20, max: 15 } })
})
