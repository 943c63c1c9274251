import { androidPackage, nameless, sqliteDatabase, trueType, windowsInstaller, windowsProgram } from './formats/programs.ts'
import { deb, tarGz, zip } from './formats/archives.ts'
import { docx, pdf, xlsx } from './formats/documents.ts'
import { gif, isoMedia, matroska, mp3, wav } from './formats/media.ts'
import { jpeg } from './formats/jpeg.ts'
import { landscape } from './formats/mosaic.ts'
import { png } from './formats/png.ts'
import type { Random } from './random.ts'

/** One thing to make, path relative to the folder. `at` is its modification time, read as UTC. */
export type SampleItem =
  | { path: string; at: string; make: (random: Random) => Uint8Array | string }
  | { path: string; at: string; copyOf: string }
  | { path: string; link: string }

const PHONE = { make: 'Pixelworks', model: 'PW-7 Phone' }
const CAMERA = { make: 'Alpenglas', model: 'AG 40D' }

const photo = (path: string, at: string, camera = PHONE): SampleItem => ({
  path,
  at,
  make: (random) => jpeg(landscape(random), { takenAt: new Date(`${at}Z`), ...camera }),
})
const invoice = (number: number, at: string, total: string): SampleItem => ({
  path: `invoice-2024-${String(number).padStart(3, '0')}.pdf`,
  at,
  make: () => pdf(`Invoice 2024-${number}`, [`Date: ${at.slice(0, 10)}`, `Total: EUR ${total}`, 'Please pay within 14 days.']),
})

/** The default folder: what gathers in a download folder over two years. */
export const CATALOGUE: readonly SampleItem[] = [
  photo('IMG_0412.jpg', '2024-07-13T14:32:05', CAMERA),
  photo('IMG_0413.jpg', '2024-07-13T14:32:41', CAMERA),
  photo('IMG_0414.jpg', '2024-07-13T18:05:12', CAMERA),
  photo('IMG_0501.jpg', '2024-08-02T09:11:30', CAMERA),
  photo('IMG_20240713_143205.jpg', '2024-07-13T14:32:05'),
  photo('PXL_20231224_190112.jpg', '2023-12-24T19:01:12'),
  photo('PXL_20231231_235958.jpg', '2023-12-31T23:59:58'),
  photo('DSC_0001.JPG', '2022-05-01T10:00:00', CAMERA),
  { path: 'IMG_0412 (1).jpg', at: '2024-07-20T08:00:00', copyOf: 'IMG_0412.jpg' },
  { path: 'wallpaper.png', at: '2024-02-11T21:40:00', make: (random) => png(landscape(random, 32, 18)) },
  { path: 'Screenshot 2024-05-03 at 10.15.27.png', at: '2024-05-03T10:15:27', make: (random) => png(landscape(random, 24, 15)) },
  {
    path: 'scan.png',
    at: '2024-03-19T16:20:00',
    make: (random) => png(landscape(random), { takenAt: new Date('2024-03-19T16:20:00Z'), ...CAMERA }),
  },
  { path: 'party.gif', at: '2023-09-09T23:10:00', make: () => gif(230, 90, 160) },
  {
    path: 'logo final.svg',
    at: '2024-01-15T11:00:00',
    make: () => '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4"/></svg>\n',
  },
  {
    path: '😀 holiday 🏖️.jpg',
    at: '2024-08-14T15:45:00',
    make: (random) => jpeg(landscape(random), { takenAt: new Date('2024-08-14T15:45:00Z'), ...PHONE }),
  },
  { path: 'IMG_2210.HEIC', at: '2024-06-01T12:00:00', make: (random) => isoMedia('heic', random.bytes(2000)) },

  invoice(29, '2024-02-28T09:00:00', '129.00'),
  invoice(30, '2024-03-28T09:00:00', '129.00'),
  invoice(31, '2024-04-29T09:00:00', '1,290.50'),
  { path: 'invoice-2024-031 (1).pdf', at: '2024-04-30T10:12:00', copyOf: 'invoice-2024-031.pdf' },
  { path: 'invoice-2024-031 (2).pdf', at: '2024-05-02T10:12:00', copyOf: 'invoice-2024-031.pdf' },
  { path: 'Tax return 2023.pdf', at: '2024-05-30T20:00:00', make: () => pdf('Tax return 2023', ['Refund: EUR 312.44']) },
  { path: 'boarding-pass', at: '2024-08-10T05:30:00', make: () => pdf('Boarding pass', ['LX 1234  ZRH - LIS', 'Seat 14A']) },
  {
    path: 'Letter to the landlord.docx',
    at: '2023-11-05T18:22:00',
    make: () => docx(['Dear Ms Keller,', 'the kitchen window does not close any more.', 'Kind regards']),
  },
  {
    path: 'CV (final) (really final).docx',
    at: '2024-01-20T22:10:00',
    make: () => docx(['Curriculum vitae', 'Ada Example', 'Zurich, 2024']),
  },
  {
    path: 'Household budget.xlsx',
    at: '2024-06-30T19:00:00',
    make: () =>
      xlsx([
        ['Month', 'Rent', 'Food'],
        ['May', 1450, 512.4],
        ['June', 1450, 498.15],
      ]),
  },
  { path: 'notes.txt', at: '2024-06-11T08:30:00', make: () => 'Milk, bread, batteries\nCall the dentist on 2024-06-20\n' },
  { path: 'todo.md', at: '2024-06-12T08:30:00', make: () => '# To do\n\n- [ ] renew passport\n- [x] book flights\n' },
  {
    path: 'Rezept für Zürcher Geschnetzeltes.txt',
    at: '2023-10-01T17:00:00',
    make: () => '600 g Kalbfleisch\n250 g Champignons\n2 dl Rahm\n',
  },
  { path: 'lecture slides.pdf', at: '2022-11-03T13:00:00', make: () => pdf('Lecture 7', ['Graphs and trees']) },
  {
    path: 'ebook.epub',
    at: '2023-04-04T20:00:00',
    make: () =>
      zip([
        ['mimetype', 'application/epub+zip'],
        ['META-INF/container.xml', '<container/>'],
      ]),
  },

  { path: 'song.mp3', at: '2023-03-03T12:00:00', make: () => mp3('A short silence') },
  { path: 'Song (live).mp3', at: '2023-03-04T12:00:00', make: () => mp3('Another silence', 24) },
  { path: 'voice memo 3.m4a', at: '2024-02-02T07:45:00', make: (random) => isoMedia('M4A ', random.bytes(1200)) },
  { path: 'doorbell.wav', at: '2022-12-12T12:12:00', make: () => wav(0.4, 660) },
  { path: 'VID_20240714_101500.mp4', at: '2024-07-14T10:15:00', make: (random) => isoMedia('isom', random.bytes(6000)) },
  { path: 'clip from grandma.mov', at: '2023-12-25T16:00:00', make: (random) => isoMedia('qt  ', random.bytes(4000)) },
  { path: 'talk.mkv', at: '2024-03-08T21:00:00', make: (random) => matroska(random.bytes(3000)) },

  {
    path: 'photos.zip',
    at: '2024-08-20T10:00:00',
    make: () =>
      zip([
        ['readme.txt', 'Photos of the trip\n'],
        ['list.csv', 'name\nIMG_0412.jpg\n'],
      ]),
  },
  { path: 'backup-2022.tar.gz', at: '2022-12-31T23:00:00', make: () => tarGz([['backup/notes.txt', 'old notes\n']]) },
  { path: 'Fonts (free).zip', at: '2024-04-01T12:00:00', make: () => zip([['OFL.txt', 'SIL Open Font License\n']]) },
  { path: 'Setup_v3.2.exe', at: '2024-05-05T10:00:00', make: (random) => windowsProgram(random.bytes(5000)) },
  { path: 'driver.msi', at: '2021-02-14T10:00:00', make: () => windowsInstaller() },
  { path: 'editor_1.0_all.deb', at: '2024-01-09T10:00:00', make: () => deb('editor') },
  { path: 'game.apk', at: '2023-08-08T10:00:00', make: () => androidPackage() },

  { path: 'script.py', at: '2024-05-20T23:15:00', make: () => '#!/usr/bin/env python3\nimport sys\n\nprint(f"hello {sys.argv[1:]}")\n' },
  { path: 'index.html', at: '2023-06-06T16:00:00', make: () => '<!doctype html>\n<title>My page</title>\n<p>Under construction.</p>\n' },
  { path: 'main.rs', at: '2024-07-01T20:00:00', make: () => 'fn main() {\n    println!("hello");\n}\n' },
  { path: 'deploy.sh', at: '2024-07-02T20:00:00', make: () => '#!/bin/sh\nset -eu\necho deploy\n' },
  {
    path: 'bank statement.csv',
    at: '2024-07-05T06:00:00',
    make: () => 'date;text;amount\n2024-07-01;Rent;-1450.00\n2024-07-02;Salary;5200.00\n',
  },
  { path: 'export.json', at: '2024-07-06T06:00:00', make: () => '{"contacts":[{"name":"Ada","mail":"ada@example.org"}]}\n' },
  { path: 'addresses.sqlite', at: '2024-01-30T06:00:00', make: () => sqliteDatabase() },
  { path: 'Garamond-ish.ttf', at: '2021-01-01T12:00:00', make: () => trueType() },

  {
    path: 'holiday pic.txt',
    at: '2024-08-15T09:00:00',
    make: (random) => jpeg(landscape(random), { takenAt: new Date('2024-08-15T09:00:00Z'), ...PHONE }),
  },
  { path: 'unknown.bin', at: '2020-02-02T02:02:00', make: (random) => nameless(random.bytes(300)) },
  { path: 'empty file', at: '2024-01-01T00:00:00', make: () => '' },
  {
    path: `${'A very long name that somebody pasted from the heading of a web page and never shortened '.repeat(2)}.pdf`,
    at: '2023-02-20T10:00:00',
    make: () => pdf('A long name', ['saved from the web']),
  },
  { path: '.hidden-settings', at: '2023-01-01T10:00:00', make: () => 'theme=dark\n' },
  { path: 'Latest invoice.pdf', link: 'invoice-2024-031.pdf' },

  { path: 'Old stuff/2019/notes.txt', at: '2019-05-05T10:00:00', make: () => 'Old notes\n' },
  {
    path: 'Old stuff/2019/IMG_0412.jpg',
    at: '2019-07-01T11:22:33',
    make: (random) => jpeg(landscape(random), { takenAt: new Date('2019-07-01T11:22:33Z'), ...CAMERA }),
  },
  { path: 'Old stuff/Tax return 2018.pdf', at: '2019-04-28T10:00:00', make: () => pdf('Tax return 2018', ['Refund: EUR 120.00']) },
  { path: 'Old stuff/song.mp3', at: '2019-03-03T12:00:00', make: () => mp3('An old silence', 12) },
]
