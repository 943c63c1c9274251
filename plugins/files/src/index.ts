import { definePlugin } from '@life-os/plugin-sdk'
import { append } from './tools/append.ts'
import { classify } from './tools/classify.ts'
import { copy } from './tools/copy.ts'
import { findDuplicates } from './tools/find-duplicates.ts'
import { hash } from './tools/hash.ts'
import { list } from './tools/list.ts'
import { makeFolder } from './tools/make-folder.ts'
import { move } from './tools/move.ts'
import { read } from './tools/read.ts'
import { remove } from './tools/remove.ts'
import { rename } from './tools/rename.ts'
import { stat } from './tools/stat.ts'
import { usage } from './tools/usage.ts'
import { write } from './tools/write.ts'

export default definePlugin({
  tools: [append, classify, copy, findDuplicates, hash, list, makeFolder, move, read, remove, rename, stat, usage, write],
})
