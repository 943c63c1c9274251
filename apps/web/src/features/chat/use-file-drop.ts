import { useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'

/** Takes files that are dropped on an element. Answers whether some are held over it. */
export function useFileDrop(element: RefObject<HTMLElement | null>, onFiles: (files: File[]) => void): boolean {
  const [over, setOver] = useState(false)
  const take = useRef(onFiles)
  useEffect(() => {
    take.current = onFiles
  })
  useEffect(() => {
    const area = element.current
    if (!area) return
    const holds = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
    const onOver = (event: DragEvent): void => {
      if (!holds(event)) return
      event.preventDefault()
      setOver(true)
    }
    const onLeave = (): void => setOver(false)
    const onDrop = (event: DragEvent): void => {
      if (!holds(event)) return
      event.preventDefault()
      setOver(false)
      take.current([...(event.dataTransfer?.files ?? [])])
    }
    area.addEventListener('dragover', onOver)
    area.addEventListener('dragleave', onLeave)
    area.addEventListener('drop', onDrop)
    return () => {
      area.removeEventListener('dragover', onOver)
      area.removeEventListener('dragleave', onLeave)
      area.removeEventListener('drop', onDrop)
    }
  }, [element])
  return over
}
