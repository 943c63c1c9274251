// Who may import whom, as a function over one import: apps → kernel → plugin-sdk → contract, plugins → plugin-sdk.
import type { Import } from './source.ts'

/** Built-ins that would give a plugin power of its own. */
const power =
  /^(node:)?(fs|net|tls|https?|http2|dgram|dns|child_process|cluster|worker_threads|vm|inspector|module|process|os|repl|sqlite|wasi|v8)(\/|$)/
const interfaceOnly = /^(react|react-dom|hono|@hono\/.*)(\/|$)/

/** What is wrong with this import, or null. Tests may use the system, but no tier above their own. */
export function faultOf(link: Import, { isTest }: { isTest: boolean }): string | null {
  const from = homeOf(link.from)
  const to = link.target === null ? homeOfPackage(link.specifier) : homeOf(link.target)
  if (from?.home === 'tools' || (isTest && link.target?.startsWith('tools/'))) return null // tools build and start everything; tests need their counterparts
  if (link.target !== null && to?.home !== from?.home) return `reaches into ${to?.home ?? 'the root'} by a path; import its package`
  if (from === null) return null
  if (to?.home === from.home || to === null)
    return link.target === null
      ? packageFault(from, link.specifier, isTest || !link.from.includes('/src/'))
      : isTest && isTestHelper(link.target)
        ? null
        : moduleFault(link)
  return from.above.test(to.home) ? null : `${from.home} may not import ${to.home}`
}

interface Home {
  home: string
  /** The homes that this one may import. */
  above: RegExp
}

function homeOf(file: string): Home | null {
  const [tier, name] = file.split('/')
  if (tier === 'packages' && name === 'contract') return { home: 'contract', above: /^$/ }
  if (tier === 'packages' && name === 'plugin-sdk') return { home: 'plugin-sdk', above: /^contract$/ }
  if (tier === 'packages') return { home: name ?? '', above: /^(contract|plugin-sdk)$/ }
  if (tier === 'plugins') return { home: `plugin ${name}`, above: /^plugin-sdk$/ }
  if (tier === 'apps' && name === 'web') return { home: 'web', above: /^contract$/ }
  if (tier === 'apps') return { home: name ?? '', above: /^(contract|plugin-sdk|kernel|server|cli)$/ }
  return tier === 'tools' ? { home: 'tools', above: /./ } : null
}

function homeOfPackage(specifier: string): Home | null {
  const name = /^@life-os\/([^/]+)/.exec(specifier)?.[1]
  if (name === undefined) return null
  if (name.startsWith('plugin-') && name !== 'plugin-sdk') return homeOf(`plugins/${name.slice('plugin-'.length)}/`)
  return homeOf(`${['server', 'cli', 'web'].includes(name) ? 'apps' : 'packages'}/${name}/`)
}

/** Packages and built-ins from outside the repository. */
function packageFault({ home }: Home, specifier: string, runsElsewhere: boolean): string | null {
  if (runsElsewhere) return null
  if (home === 'contract' && !/^(zod|@orpc\/contract|uuidv7)(\/|$)/.test(specifier))
    return 'contract imports zod, @orpc/contract and uuidv7 alone'
  if (['kernel', 'plugin-sdk'].includes(home) && interfaceOnly.test(specifier)) return `${home} knows no HTTP server and no React`
  if (home.startsWith('plugin ') && power.test(specifier)) return 'a plugin has no ambient power; use the host services'
  if (home === 'web' && specifier.startsWith('node:')) return 'the web app runs in a browser'
  return null
}

function isTestHelper(target: string): boolean {
  return /\/(testing|fixtures)(\.ts$|\/)/.test(target)
}

/** Inside one package: kernel modules and web features are rooms with a door each. */
function moduleFault({ from, target }: Import): string | null {
  if (target === null) return null
  const [fromModule, toModule] = [from, target].map((file) => /^packages\/kernel\/src\/([^/]+)\//.exec(file)?.[1])
  if (
    fromModule !== undefined &&
    toModule !== undefined &&
    fromModule !== toModule &&
    !/^packages\/kernel\/src\/[^/]+\/(index|types|schema)\.ts$/.test(target)
  )
    return `reaches into the module ${toModule}; import its index.ts`
  const [fromFeature, toFeature] = [from, target].map((file) => /^apps\/web\/src\/features\/([^/]+)\//.exec(file)?.[1])
  if (fromFeature !== undefined && toFeature !== undefined && fromFeature !== toFeature)
    return `the feature ${fromFeature} imports the feature ${toFeature}`
  if (toFeature !== undefined && /^apps\/web\/src\/(components|lib)\//.test(from)) return `shared code imports the feature ${toFeature}`
  return null
}
