import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { measureShape } from './shape.ts'
import type { Shape } from './shape.ts'
import { sourceFiles } from './source.ts'

const recorded = JSON.parse(readFileSync(path.join(import.meta.dirname, 'shape.json'), 'utf8')) as Shape // written by record.ts
const files = sourceFiles()
const { shape, findings } = measureShape(files)

// keys of Shape
test.each(Object.keys(recorded) as (keyof Shape)[])('%s does not grow', (figure) => {
  const worst = findings.filter((finding) => finding.figure === figure).slice(0, 5)
  const where = worst.map(({ at, size }) => `${at} (${size})`).join(', ')
  expect(shape[figure], `${figure} was ${recorded[figure]} and is ${shape[figure]}: ${where}`).toBeLessThanOrEqual(recorded[figure])
})

test('every figure is counted', () => {
  const text = [
    'export function f(x: any) { // @ts-expect-error a reason',
    '  return x as string',
    '}',
    'const y = 1 as number // a reason',
    "const z = ['a'] as const",
  ].join('\n')
  const made = measureShape([{ path: 'a.ts', text: `${text}\n`, isTest: false }]).shape
  expect(made).toEqual({
    longestFile: 5,
    longestTest: 0,
    longestFunction: 3,
    filesOver300: 0,
    any: 1,
    suppressions: 1,
    castsWithoutReason: 1,
  })
})

test('no file hides what it exports behind a star', () => {
  const stars = files.filter(({ text }) => /^export \*( as \w+)? from/m.test(text)).map((file) => file.path)
  expect(stars).toEqual([])
})

test('no test is skipped without a reason, and none runs alone', () => {
  const faults = files
    .filter((file) => file.isTest)
    .filter(({ text }) => /\b(test|it|describe)\.(only|todo|fixme)\(|\b(test|it|describe)\.skip\(/.test(text.replace(/'[^'\n]*'/g, '')))
  expect(faults.map((file) => file.path)).toEqual([])
})
