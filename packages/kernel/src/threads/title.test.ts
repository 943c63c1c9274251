import { expect, test } from 'vitest'
import { titleFrom } from './title.ts'

test.each([
  ['Sort my downloads. Then tell me the total.', 'Sort my downloads'],
  ['What does 3.5 mean? I wonder', 'What does 3.5 mean?'],
  ['# A heading\n\ntext', 'A heading'],
  ['\n\n   \n', 'New conversation'],
  ['***', 'New conversation'],
  ['word '.repeat(100), `${'word '.repeat(11).trim()}…`],
  ['x'.repeat(200_000), `${'x'.repeat(59)}…`],
  ['請整理我的下載資料夾。然後告訴我總數', '請整理我的下載資料夾。然後告訴我總數'],
])('the title of %#', (text, title) => {
  expect(titleFrom(text)).toBe(title)
  expect(Array.from(titleFrom(text)).length).toBeLessThanOrEqual(60)
})
