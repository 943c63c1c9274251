import { z } from 'zod'

/** Cursor paging: 50 unless told, at most 200. */
export const PageQuery = z.object({ cursor: z.string().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) })
export type PageQuery = z.infer<typeof PageQuery>
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable(), total: z.int() })
export interface Page<T> {
  items: T[]
  next: string | null
  total: number
}
