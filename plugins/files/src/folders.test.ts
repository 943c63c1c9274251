import { describe, expect, test } from 'vitest'
import { folderFor, takenText } from './folders.ts'
import type { Group } from './schemas.ts'

const JULY = Date.UTC(2024, 6, 13, 14, 32, 5)
const file = (group: Group, takenAt: number | null = null) => ({ group, takenAt })

describe('folderFor', () => {
  test.each([
    ['document', 'Documents'],
    ['audio', 'Audio'],
    ['video', 'Video'],
    ['archive', 'Archives'],
    ['code', 'Code'],
    ['installer', 'Installers'],
    ['data', 'Data'],
    ['font', 'Fonts'],
    ['other', 'Other'],
    ['picture', 'Pictures'],
  ] as const)('%s goes to %s by kind, and to a year below it', (group, folder) => {
    expect(folderFor(file(group), 'kind', JULY)).toBe(folder)
    expect(folderFor(file(group), 'kind-and-year', JULY)).toBe(`${folder}/2024`)
    expect(folderFor(file(group), 'kind-and-year', null)).toBe(folder)
    expect(folderFor(file(group), 'date', JULY)).toBe('2024/2024-07')
  })

  test('a photo goes by the month it was taken, not by the last change', () => {
    const changedLater = Date.UTC(2030, 0, 1)
    for (const order of ['kind', 'kind-and-year'] as const)
      expect(folderFor(file('picture', JULY), order, changedLater)).toBe('Pictures/2024-07')
    expect(folderFor(file('picture', JULY), 'date', changedLater)).toBe('2024/2024-07')
    expect(folderFor(file('picture'), 'date', null)).toBe('Undated')
  })
})

test('takenText is a name that sorts by time', () => {
  expect(takenText(JULY)).toBe('2024-07-13 14.32.05')
  expect(takenText(null)).toBeNull()
})
