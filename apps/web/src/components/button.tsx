import type { LucideIcon } from 'lucide-react'
import { Loader } from 'lucide-react'
import { Slot } from 'radix-ui'
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import type { Action } from '../lib/actions.tsx'
import { cn } from '../lib/cn.ts'
import { Icon } from './icon.tsx'
import { Keys } from './keys.tsx'
import { Tip } from './tip.tsx'

type Tone = 'plain' | 'accent' | 'quiet' | 'grave' | 'final'
const TONES: Record<Tone, string> = {
  plain: 'border border-line-strong bg-raised text-ink hover:bg-hover active:bg-pressed',
  accent: 'border border-transparent bg-accent text-on-accent hover:bg-accent-strong',
  quiet: 'border border-transparent text-ink-soft hover:bg-hover hover:text-ink active:bg-pressed',
  grave: 'border border-line-strong bg-raised text-remove hover:bg-remove-soft',
  final: 'border border-transparent bg-final-strong text-on-accent',
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  tone?: Tone
  icon?: LucideIcon
  /** Shown as key caps after the words. */
  keys?: string | undefined
  busy?: boolean
  large?: boolean
  asChild?: boolean
  children?: ReactNode
  ref?: Ref<HTMLButtonElement>
}

export function Button({
  tone = 'plain',
  icon,
  keys,
  busy = false,
  large = false,
  asChild = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  const style = cn(
    'inline-flex select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-control font-medium transition-colors duration-120 ease-out disabled:cursor-default disabled:opacity-50',
    large ? 'h-9 px-3.5 text-13 phone:h-11' : 'h-7 px-2.5 text-13 phone:h-9 phone:px-3',
    TONES[tone],
    className,
  )
  if (asChild) return <Slot.Root className={style}>{children}</Slot.Root>
  return (
    <button type="button" className={style} disabled={disabled === true || busy} aria-busy={busy || undefined} {...rest}>
      {busy ? <Icon of={Loader} className="spin" size={14} /> : icon ? <Icon of={icon} size={14} /> : null}
      {children}
      {keys ? <Keys shortcut={keys} onAccent={tone === 'accent' || tone === 'final'} /> : null}
    </button>
  )
}

/** A square button with a name for those who do not see it. */
export function IconButton({
  icon,
  label,
  keys,
  className,
  tone = 'quiet',
  size = 16,
  ...rest
}: Omit<ButtonProps, 'children' | 'icon'> & { icon: LucideIcon; label: string; size?: 14 | 16 }) {
  return (
    <Tip text={label} keys={keys}>
      <button
        type="button"
        aria-label={label}
        className={cn(
          'inline-flex size-7 items-center justify-center rounded-control transition-colors duration-120 phone:size-11',
          TONES[tone],
          className,
        )}
        {...rest}
      >
        <Icon of={icon} size={size} />
      </button>
    </Tip>
  )
}

/** The button of an action: same name, glyph and shortcut as in the palette. */
export function ActionButton({ action, ...rest }: { action: Action } & Omit<ButtonProps, 'children' | 'icon' | 'keys'>) {
  return (
    <Button
      tone={action.grave ? 'grave' : 'plain'}
      {...(action.icon && { icon: action.icon })}
      keys={action.shortcut}
      disabled={action.when === false}
      onClick={() => void action.perform()}
      {...rest}
    >
      {action.name}
    </Button>
  )
}
