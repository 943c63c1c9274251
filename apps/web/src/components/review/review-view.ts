import type { Grouping } from './groups.ts'

/** What a person chose to see of the changes. */
export interface ReviewView {
  search: string
  by: Grouping
  clashes: boolean
}
export const FIRST_VIEW: ReviewView = { search: '', by: 'folder', clashes: false }
