import { definePlugin } from '@life-os/plugin-sdk'
import { compare } from './tools/compare.ts'
import { csvToJson } from './tools/csv-to-json.ts'
import { extractData } from './tools/extract-data.ts'
import { extract } from './tools/extract.ts'
import { join } from './tools/join.ts'
import { jsonToCsv } from './tools/json-to-csv.ts'
import { replaceInFile } from './tools/replace-in-file.ts'
import { search } from './tools/search.ts'
import { split } from './tools/split.ts'
import { summarise } from './tools/summarise.ts'
import { template } from './tools/template.ts'

export default definePlugin({
  tools: [compare, csvToJson, extract, extractData, join, jsonToCsv, replaceInFile, search, split, summarise, template],
})
