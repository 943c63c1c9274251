/**
 * Runs in the box: imports `main.mjs`, then each test with the module's exports as `main`, and writes what came of it to
 * a file. The default export is the result; a list of records becomes `result.csv`.
 */
export const JAVASCRIPT_HARNESS = String.raw`
const [fs, { createRequire, registerHooks }, { pathToFileURL }, { inspect }] = ['fs', 'module', 'url', 'util'].map((name) =>
  process.getBuiltinModule('node:' + name),
)
const settings = JSON.parse(fs.readFileSync('.life-os/settings.json', 'utf8'))
const here = process.cwd() + '/'
process.argv.splice(1, Infinity, here + 'main.mjs', ...settings.args)
const stdin = fs.openSync('.life-os/stdin', 'r')
Object.defineProperty(process, 'stdin', { value: fs.createReadStream('', { fd: stdin }) })
if (settings.packages) {
  const parent = pathToFileURL(settings.packages + '/x.js').href
  globalThis.require = createRequire(parent)
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context)
      } catch (error) {
        if (/^(\.|\/|node:|file:|data:)/.test(specifier)) throw error
        return next(pathToFileURL(globalThis.require.resolve(specifier)).href, context)
      }
    },
  })
}
const said = (error, file) => {
  const trace = error instanceof Error ? String(error.stack ?? error) : inspect(error)
  const line = new RegExp(file.replaceAll('.', '\\.') + ':(\\d+)').exec(trace)
  return {
    type: error instanceof Error ? error.name : typeof error,
    message: String(error instanceof Error ? error.message : error).slice(0, 4000),
    line: line ? Number(line[1]) : null,
    trace: trace.slice(0, 8000),
  }
}
const plain = (value) => {
  try {
    const text = JSON.stringify(value)
    return text === undefined || text.length > 100000 ? null : JSON.parse(text)
  } catch {
    return null
  }
}
const isTable = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))
const cell = (value) => {
  const text = value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text
}
const csv = (rows) => {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return [columns, ...rows.map((row) => columns.map((name) => row[name]))].map((row) => row.map(cell).join(',')).join('\n') + '\n'
}
const report = { error: null, result: null, text: null, tests: [] }
let main = {}
try {
  main = await import(pathToFileURL(here + 'main.mjs').href)
  const value = main.default
  if (value !== undefined) {
    report.text = inspect(value, { depth: 6, maxArrayLength: 200, maxStringLength: 20000 }).slice(0, 100000)
    report.result = plain(value)
    if (isTable(value) && !fs.existsSync('result.csv')) fs.writeFileSync('result.csv', csv(value))
  }
} catch (error) {
  report.error = said(error, 'main.mjs')
}
for (const [index, test] of settings.tests.entries()) {
  if (report.error) {
    report.tests.push({ name: test.name, ok: false, message: 'not run: the program failed' })
    continue
  }
  const file = '.life-os/test-' + index + '.mjs'
  try {
    fs.writeFileSync(file, 'export default async (main, assert) => {\n' + test.code + '\n}\n')
    const { default: run } = await import(pathToFileURL(here + file).href)
    await run(main, (await import('node:assert/strict')).default)
    report.tests.push({ name: test.name, ok: true, message: '' })
  } catch (error) {
    report.tests.push({ name: test.name, ok: false, message: (error.name ?? 'Error') + ': ' + String(error.message ?? error).slice(0, 4000) })
  }
}
fs.writeFileSync('.life-os/report.json', JSON.stringify(report))
process.exitCode = report.error ? 1 : 0
`
