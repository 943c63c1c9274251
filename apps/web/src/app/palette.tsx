import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { StateBadge } from '../components/badge.tsx'
import { GLYPH } from '../components/glyphs.ts'
import { Icon } from '../components/icon.tsx'
import { Keys } from '../components/keys.tsx'
import { nameOfRun } from '../components/runs/outcome.ts'
import { useActionList } from '../lib/actions.tsx'
import { api } from '../lib/api.ts'
import { cn } from '../lib/cn.ts'
import { moment, shortId } from '../lib/format.ts'
import { recentRuns } from '../lib/queries.ts'

/** Every page, action, plan, tool and recent run, by a few letters of its name. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const actions = useActionList().filter((action) => action.id !== 'palette')
  const plans = useQuery(api.plans.list.queryOptions({ input: { limit: 200 } }))
  const tools = useQuery(api.tools.list.queryOptions())
  const runs = useQuery(recentRuns())
  const late = ['Life-OS', 'Appearance']
  const early = [...new Set(['This page', ...actions.map((action) => action.group)])].filter((group) => !late.includes(group))
  const perform = (act: () => unknown): void => {
    onClose()
    // The dialog gives the focus back first; what is performed may open another one.
    setTimeout(act, 0)
  }
  const actionGroup = (group: string) => {
    const items = actions.filter((action) => action.group === group)
    return items.length === 0 ? null : (
      <Group key={group} name={group}>
        {items.map((action) => (
          <Item
            key={action.id}
            value={`${action.name} ${action.keywords ?? ''} ${action.id}`}
            icon={action.icon ?? GLYPH.run}
            onSelect={() => perform(action.perform)}
            {...(action.grave && { grave: true })}
            tail={action.shortcut ? <Keys shortcut={action.shortcut} /> : null}
          >
            {action.name}
          </Item>
        ))}
      </Group>
    )
  }
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="panel-in fixed left-1/2 top-[12vh] z-50 w-[min(640px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-card border border-line bg-raised shadow-float outline-none phone:top-3"
        >
          <Dialog.Title className="sr-only">Find anything</Dialog.Title>
          <Command label="Find anything" loop>
            <div className="flex items-center gap-2 border-b border-line px-3.5">
              <Icon of={Search} className="text-ink-faint" />
              <Command.Input
                autoFocus
                placeholder="Find a page, plan, tool, run or action"
                className="h-11 flex-1 bg-transparent text-14 outline-none phone:text-16"
              />
            </div>
            <Command.List className="max-h-[min(440px,60vh)] overflow-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-ink-faint">Nothing has that name.</Command.Empty>
              {early.map(actionGroup)}
              <Group name="Workflows">
                {plans.data?.items.map(({ plan }) => (
                  <Item
                    key={plan.id}
                    value={`${plan.name} ${plan.id} ${plan.description ?? ''} workflow plan`}
                    icon={GLYPH.plan}
                    onSelect={() => perform(() => navigate({ to: '/workflows/$plan', params: { plan: plan.id } }))}
                    tail={<span className="mono text-12 text-ink-faint">{plan.id}</span>}
                  >
                    {plan.name}
                  </Item>
                ))}
              </Group>
              <Group name="Recent runs">
                {runs.data?.items.slice(0, 20).map((run) => (
                  <Item
                    key={run.id}
                    value={`${run.plan.name} run ${run.id}`}
                    icon={run.kind === 'undo' ? GLYPH.undo : GLYPH.run}
                    onSelect={() => perform(() => navigate({ to: '/runs/$run', params: { run: run.id } }))}
                    tail={
                      <>
                        <span className="text-12 text-ink-faint">{moment(run.createdAt)}</span>
                        <StateBadge state={run.state} />
                      </>
                    }
                  >
                    {nameOfRun(run)} <span className="mono text-12 text-ink-faint">{shortId(run.id)}</span>
                  </Item>
                ))}
              </Group>
              <Group name="Tools">
                {tools.data?.map((tool) => (
                  <Item
                    key={tool.id}
                    value={`${tool.title} ${tool.id} tool`}
                    icon={GLYPH.tool}
                    onSelect={() => perform(() => navigate({ to: '/plugins', search: { plugin: tool.plugin, tool: tool.id } }))}
                    tail={<span className="mono text-12 text-ink-faint">{tool.id}</span>}
                  >
                    {tool.title}
                  </Item>
                ))}
              </Group>
              {late.map(actionGroup)}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Group({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <Command.Group
      heading={name}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:text-12 [&_[cmdk-group-heading]]:text-ink-faint"
    >
      {children}
    </Command.Group>
  )
}

function Item({
  value,
  icon,
  onSelect,
  tail,
  grave = false,
  children,
}: {
  value: string
  icon: LucideIcon
  onSelect: () => void
  tail?: React.ReactNode
  grave?: boolean
  children: React.ReactNode
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className={cn(
        'flex h-9 cursor-pointer items-center gap-2.5 rounded-control px-2.5 data-[selected=true]:bg-hover phone:h-11',
        grave && 'text-final',
      )}
    >
      <Icon of={icon} className={grave ? '' : 'text-ink-faint'} />
      <span className="min-w-0 flex-1 truncate">{children}</span>
      <span className="flex shrink-0 items-center gap-2">{tail}</span>
    </Command.Item>
  )
}
