import { expect, test } from 'vitest'
import { artifactsIn, kindOf } from './artifacts.ts'

const HASH = 'a'.repeat(64)

test('artifacts are found wherever they stand in the outputs', () => {
  const outputs = {
    result: {
      files: [
        { name: 'plot.png', blob: HASH, mime: 'image/png', size: 10 },
        { name: 'x', blob: 'short' },
      ],
      text: 'no',
    },
    table: { blob: HASH },
  }
  expect(artifactsIn(outputs)).toEqual([
    { name: 'plot.png', blob: HASH, mime: 'image/png', size: 10, path: 'result.files[0]' },
    { name: 'table', blob: HASH, mime: '', size: null, path: 'table' },
  ])
})

test.each([
  ['plot.png', '', 'picture'],
  ['drawing', 'image/svg+xml; charset=utf-8', 'picture'],
  ['data.csv', 'application/octet-stream', 'table'],
  ['data', 'text/csv', 'table'],
  ['page.html', 'text/html', 'text'],
  ['a.json', '', 'text'],
  ['a.bin', '', 'other'],
  ['paper.pdf', 'application/pdf', 'other'],
])('%s of type %j is shown as a %s', (name, mime, kind) => {
  expect(kindOf({ name, mime })).toBe(kind)
})
