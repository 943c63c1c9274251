import { definePlugin } from '@life-os/plugin-sdk'
import { download } from './tools/download.ts'
import { feed } from './tools/feed.ts'
import { fetchPage } from './tools/fetch.ts'
import { linkPictures } from './tools/link-pictures.ts'
import { readable } from './tools/readable.ts'

export default definePlugin({ tools: [download, feed, fetchPage, linkPictures, readable] })
