import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { Failure, Empty } from '../components/states.tsx'
import { GLYPH } from '../components/glyphs.ts'
import { requestError } from '../lib/api.ts'
import { Shell } from './shell.tsx'

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const flag = (value: unknown): true | undefined => (value === true ? true : undefined)

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <Empty icon={GLYPH.folder} title="There is no such page">
      The address may be old. ⌘K finds every page, plan and run.
    </Empty>
  ),
  errorComponent: ({ error, reset }) => <Failure error={requestError(error)} onRetry={reset} />,
})
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('../features/home/home-page.tsx'), 'HomePage'),
})
const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  component: lazyRouteComponent(() => import('../features/inbox/inbox-page.tsx'), 'InboxPage'),
  validateSearch: (search: Record<string, unknown>): { approval?: string } => compact({ approval: text(search['approval']) }),
})

export const RUN_TABS = ['changes', 'timeline', 'graph', 'journal', 'outputs'] as const
export interface RunsSearch {
  state?: string
  q?: string
  plan?: string
}
const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  component: lazyRouteComponent(() => import('../features/runs/runs-page.tsx'), 'RunsPage'),
  validateSearch: (search: Record<string, unknown>): RunsSearch =>
    compact({ state: text(search['state']), q: text(search['q']), plan: text(search['plan']) }),
})
export interface RunSearch {
  tab?: string
  q?: string
  by?: string
  clashes?: true
}
const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$run',
  component: lazyRouteComponent(() => import('../features/runs/run-page.tsx'), 'RunPage'),
  validateSearch: (search: Record<string, unknown>): RunSearch =>
    compact({ tab: text(search['tab']), q: text(search['q']), by: text(search['by']), clashes: flag(search['clashes']) }),
})
const workflows = createRoute({
  getParentRoute: () => root,
  path: '/workflows',
  component: lazyRouteComponent(() => import('../features/workflows/workflows-page.tsx'), 'WorkflowsPage'),
  validateSearch: (search: Record<string, unknown>): { q?: string } => compact({ q: text(search['q']) }),
})
const goal = createRoute({
  getParentRoute: () => root,
  path: '/goal',
  component: lazyRouteComponent(() => import('../features/planner/goal-page.tsx'), 'GoalPage'),
  validateSearch: (search: Record<string, unknown>): { goal?: string; replan?: string } => texts(search, ['goal', 'replan']),
})
export interface WorkflowSearch {
  tab?: string
  inputs?: Record<string, unknown>
}
const workflow = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$plan',
  component: lazyRouteComponent(() => import('../features/workflows/workflow-page.tsx'), 'WorkflowPage'),
  validateSearch: (search: Record<string, unknown>): WorkflowSearch =>
    compact({
      tab: text(search['tab']),
      inputs: typeof search['inputs'] === 'object' && search['inputs'] !== null ? (search['inputs'] as Record<string, unknown>) : undefined,
    }), // checked to be an object
})
const chat = createRoute({
  getParentRoute: () => root,
  path: '/chat',
  component: lazyRouteComponent(() => import('../features/chat/chat-page.tsx'), 'ChatPage'),
})
const thread = createRoute({
  getParentRoute: () => root,
  path: '/chat/$thread',
  component: lazyRouteComponent(() => import('../features/chat/chat-page.tsx'), 'ChatPage'),
  validateSearch: (search: Record<string, unknown>): { message?: string } => compact({ message: text(search['message']) }),
})
const trash = createRoute({
  getParentRoute: () => root,
  path: '/trash',
  component: lazyRouteComponent(() => import('../features/trash/trash-page.tsx'), 'TrashPage'),
})
const models = createRoute({
  getParentRoute: () => root,
  path: '/models',
  component: lazyRouteComponent(() => import('../features/models/models-page.tsx'), 'ModelsPage'),
  validateSearch: (search: Record<string, unknown>): { tab?: string } => compact({ tab: text(search['tab']) }),
})
export interface AgentsSearch {
  agent?: string
  tab?: string
}
const agents = createRoute({
  getParentRoute: () => root,
  path: '/agents',
  component: lazyRouteComponent(() => import('../features/agents/agents-page.tsx'), 'AgentsPage'),
  validateSearch: (search: Record<string, unknown>): AgentsSearch => texts(search, ['agent', 'tab']),
})
export interface PluginsSearch {
  plugin?: string
  tool?: string
  tab?: string
  /** Shows the version that waits rather than the one that runs. */
  review?: true
}
const plugins = createRoute({
  getParentRoute: () => root,
  path: '/plugins',
  component: lazyRouteComponent(() => import('../features/plugins/plugins-page.tsx'), 'PluginsPage'),
  validateSearch: (search: Record<string, unknown>): PluginsSearch =>
    compact({ plugin: text(search['plugin']), tool: text(search['tool']), tab: text(search['tab']), review: flag(search['review']) }),
})
const mcp = createRoute({
  getParentRoute: () => root,
  path: '/plugins/mcp', // `/mcp` itself is where Life-OS serves its tools to MCP clients
  component: lazyRouteComponent(() => import('../features/mcp/mcp-page.tsx'), 'McpPage'),
  validateSearch: (search: Record<string, unknown>): { server?: string } => compact({ server: text(search['server']) }),
})
export interface PermissionsSearch {
  tab?: string
  q?: string
  verdict?: string
  subject?: string
  plugin?: string
}
const permissions = createRoute({
  getParentRoute: () => root,
  path: '/permissions',
  component: lazyRouteComponent(() => import('../features/permissions/permissions-page.tsx'), 'PermissionsPage'),
  validateSearch: (search: Record<string, unknown>): PermissionsSearch => texts(search, ['tab', 'q', 'verdict', 'subject', 'plugin']),
})
const AUDIT_SEARCH = ['q', 'kind', 'verdict', 'actor', 'tool', 'rule', 'run', 'range', 'from', 'until', 'record'] as const
export type AuditSearch = { [K in (typeof AUDIT_SEARCH)[number]]?: string }
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  component: lazyRouteComponent(() => import('../features/audit/audit-page.tsx'), 'AuditPage'),
  validateSearch: (search: Record<string, unknown>): AuditSearch => texts(search, AUDIT_SEARCH),
})
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('../features/settings/settings-page.tsx'), 'SettingsPage'),
  validateSearch: (search: Record<string, unknown>): { section?: string } => compact({ section: text(search['section']) }),
  // Where permissions stood before they had a place of their own.
  beforeLoad: ({ search }) => {
    if (search.section === 'permissions') throw redirect({ to: '/permissions', replace: true })
  },
})

/** The wanted parts of an address that are texts; the router reads `5` as a number. */
function texts<K extends string>(search: Record<string, unknown>, names: readonly K[]): { [Name in K]?: string } {
  const found = names.map((name) => [name, text(typeof search[name] === 'number' ? String(search[name]) : search[name])] as const)
  return compact(Object.fromEntries(found) as Record<K, string | undefined>) // a text or undefined by the line above
}

type Present<T> = { [K in keyof T]?: NonNullable<T[K]> }
/** Leaves out what is undefined, so that the address stays short. */
function compact<T extends Record<string, unknown>>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T> // only undefined values were dropped
}

const routeTree = root.addChildren([
  home,
  chat,
  thread,
  inbox,
  runs,
  run,
  workflows,
  workflow,
  goal,
  trash,
  agents,
  models,
  plugins,
  mcp,
  permissions,
  audit,
  settings,
])

export const createAppRouter = () => createRouter({ routeTree, defaultPreload: 'intent', defaultPendingMs: 80, scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
