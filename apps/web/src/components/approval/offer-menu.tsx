import type { Approval } from '@life-os/contract'
import { ChevronDown } from 'lucide-react'
import { homeText } from '../../lib/format.ts'
import { Button } from '../button.tsx'
import { ChoiceMenu } from '../menu.tsx'

/** What exactly is remembered, the narrowest first. */
export function OfferMenu({
  offers,
  value,
  onChange,
  label,
}: {
  offers: Approval['offers']
  value: string | undefined
  onChange: (permission: string) => void
  label: string
}) {
  const chosen = offers.find((offer) => offer.permission === value) ?? offers[0]
  if (!chosen) return null
  return (
    <ChoiceMenu
      label={label}
      value={chosen.permission}
      onChange={onChange}
      options={offers.map((offer) => ({ value: offer.permission, label: homeText(offer.title), hint: homeText(offer.permission) }))}
      trigger={
        <Button aria-label={`${label}: ${homeText(chosen.title)}`} className="min-w-0 max-w-full">
          <span className="truncate">{homeText(chosen.title)}</span>
          <ChevronDown aria-hidden size={14} className="shrink-0 text-ink-faint" />
        </Button>
      }
    />
  )
}
