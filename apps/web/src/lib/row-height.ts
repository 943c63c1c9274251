import { PHONE, useMedia } from './media.ts'
import { usePreferences } from './preferences.ts'

/** The height of a row in pixels: compact, comfortable, or a finger's width. */
export function useRowHeight(): number {
  const density = usePreferences((state) => state.density)
  const phone = useMedia(PHONE)
  return phone ? 44 : density === 'comfortable' ? 40 : 32
}
