import type { OpenApiDocument } from './openapi.ts'

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const
interface Operation {
  summary?: string
  operationId?: string
  tags?: string[]
  parameters?: unknown[]
  requestBody?: unknown
  responses?: unknown
}

/** The API as one page without scripts, made from its OpenAPI document. */
export function docsPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = (item as Partial<Record<string, Operation>> | undefined)?.[method] // the generator's own type, narrowed to what is shown
      return operation ? [{ path, method, operation }] : []
    }),
  )
  const groups = Map.groupBy(operations, ({ operation, path }) => operation.tags?.[0] ?? path.split('/')[1] ?? '')
  const sections = [...groups]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, list]) => `<section id="${escape(name)}"><h2>${escape(name)}</h2>${list.map(operationBlock).join('')}</section>`)
  const links = [...groups.keys()].toSorted().map((name) => `<a href="#${escape(name)}">${escape(name)}</a>`)
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Life-OS API</title><style>${STYLE}</style></head>
<body><header><h1>Life-OS API</h1><p>Version ${escape(document.info.version)} · under <code>/api/v1</code> · <a href="/api/openapi.json">OpenAPI document</a></p>
<p>Sign in with <code>Authorization: Bearer &lt;token&gt;</code>; make a token in Settings. A failure is <code>application/problem+json</code> with a stable <code>code</code>.
Repeat a POST safely with an <code>Idempotency-Key</code>. Lists take <code>cursor</code> and <code>limit</code> (50, at most 200).</p><nav>${links.join(' ')}</nav></header><main>${sections.join('')}</main></body></html>`
}

function operationBlock({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const part = (title: string, value: unknown) =>
    value === undefined || (Array.isArray(value) && value.length === 0)
      ? ''
      : `<h3>${title}</h3><pre>${escape(JSON.stringify(value, null, 2))}</pre>`
  return `<details id="${escape(operation.operationId ?? `${method}-${path}`)}"><summary><b class="${method}">${method.toUpperCase()}</b> <code>${escape(path)}</code> <span>${escape(operation.summary ?? '')}</span></summary>
${part('Parameters', operation.parameters)}${part('Body', operation.requestBody)}${part('Answers', operation.responses)}</details>`
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const STYLE = `:root{color-scheme:light dark;--line:light-dark(#ddd,#333);--dim:light-dark(#555,#aaa);--accent:light-dark(#4338ca,#a5b4fc)}
body{font:13px/1.45 system-ui,sans-serif;margin:0 auto;padding:24px;max-width:960px}h1{font-size:20px}h2{font-size:16px;margin:28px 0 8px;text-transform:capitalize}h3{font-size:12px;color:var(--dim)}
a{color:var(--accent)}nav{display:flex;flex-wrap:wrap;gap:12px}details{border-top:1px solid var(--line)}summary{padding:8px 0;cursor:pointer}summary span{color:var(--dim)}
code,pre{font:12px/1.45 ui-monospace,monospace}pre{overflow:auto;padding:12px;border:1px solid var(--line);border-radius:6px;max-height:420px}b{display:inline-block;width:56px}`
