import { docx, pdf } from './formats/documents.ts'
import { jpeg } from './formats/jpeg.ts'
import { landscape } from './formats/mosaic.ts'
import { mp3, isoMedia } from './formats/media.ts'
import { zip } from './formats/archives.ts'
import type { Random } from './random.ts'
import type { SampleItem } from './catalogue.ts'

const DAY = 86_400_000
const START = Date.UTC(2021, 0, 1, 8)

/** Item number `index` beyond the catalogue: the same mixture, for folders of hundreds and thousands. */
export function generateItem(index: number, random: Random): SampleItem {
  const date = new Date(START + random.integer(0, 1300) * DAY + random.integer(0, 40_000) * 1000)
  const at = date.toISOString().slice(0, 19)
  const name = (prefix: string, extension: string): string => `${folder(index)}${prefix}${String(index).padStart(4, '0')}.${extension}`
  switch (index % 10) {
    case 0:
    case 1:
    case 2:
      return {
        path: name('DSC_', 'jpg'),
        at,
        make: (own) => jpeg(landscape(own, 10, 7), { takenAt: date, make: 'Alpenglas', model: 'AG 40D' }),
      }
    case 3:
    case 4:
      return { path: name('statement-', 'pdf'), at, make: () => pdf(`Statement ${index}`, [`Date: ${at}`, `Balance: ${index}.00`]) }
    case 5:
      return { path: name('track ', 'mp3'), at, make: () => mp3(`Track ${index}`, 3) }
    case 6:
      return { path: name('clip-', 'mp4'), at, make: (own) => isoMedia('isom', own.bytes(400)) }
    case 7:
      return { path: name('archive_', 'zip'), at, make: () => zip([['list.txt', `archive ${index}\n`]]) }
    case 8:
      return { path: name('report ', 'docx'), at, make: () => docx([`Report ${index}`, 'All is well.']) }
    default:
      return { path: name('notes ', 'txt'), at, make: () => `Note ${index}\nwritten ${at}\n` }
  }
}

/** Every twelfth file lies deeper, so that a recursive tidy has something to find and names clash across folders. */
function folder(index: number): string {
  return index % 12 === 11 ? `Old stuff/more ${index % 3}/` : ''
}
